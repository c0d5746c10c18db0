package dev.graft.standalone.inspect;

import dev.graft.kernel.safetensors.TensorInfo;
import dev.graft.spi.engine.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tensors of one dtype and shape whose names differ in block numbers only, as one line.
 *
 * @param name their name with a star for the number
 * @param dtype element type
 * @param shape extents
 * @param count how many there are
 * @param elements elements of all together
 */
public record TensorGroup(String name, DType dtype, String shape, long count, long elements) {
    /** The groups of some tensors, in the order of their first members. */
    static List<TensorGroup> of(List<TensorInfo> tensors) {
        Map<String, List<TensorInfo>> groups = tensors.stream()
                .collect(Collectors.groupingBy(
                        tensor -> pattern(tensor.name()) + tensor.dtype() + tensor.shape(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return groups.values().stream().map(TensorGroup::group).toList();
    }

    /** Every tensor by itself. */
    static List<TensorGroup> single(List<TensorInfo> tensors) {
        return tensors.stream().map(tensor -> group(List.of(tensor))).toList();
    }

    private static TensorGroup group(List<TensorInfo> tensors) {
        TensorInfo first = tensors.get(0);
        long elements =
                tensors.stream().mapToLong(tensor -> tensor.shape().elements()).sum();
        return new TensorGroup(
                tensors.size() == 1 ? first.name() : pattern(first.name()),
                first.dtype(),
                first.shape().toString(),
                tensors.size(),
                elements);
    }

    private static String pattern(String name) {
        return name.replaceAll("(?<=\\.|^)\\d+(?=\\.|$)", "*");
    }
}
