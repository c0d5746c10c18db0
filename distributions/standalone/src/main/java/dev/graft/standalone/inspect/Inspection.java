package dev.graft.standalone.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found out about one directory.
 *
 * @param facts names to values, in the order to show them
 * @param tensors its tensors
 * @param closing last line, or empty
 */
public record Inspection(Map<String, Object> facts, List<TensorGroup> tensors, String closing) {
    /** Facts and tensors as one tree, for other programs. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>(facts);
        tree.put("tensors", tensors.stream().map(Inspection::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(TensorGroup group) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", group.name());
        tree.put("dtype", group.dtype().safetensorsName());
        tree.put("shape", group.shape());
        tree.put("count", group.count());
        tree.put("parameters", group.elements());
        return tree;
    }
}
