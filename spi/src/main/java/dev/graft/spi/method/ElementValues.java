package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * A change of chosen elements, on the host. On disk every parameter with such elements has two tensors, {@code
 * <name>.indices [n]}, positions in the parameter read row by row, {@link DType#INT64}, rising, and {@code <name>.values
 * [n]}, what is added to the elements there.
 *
 * @param parameters the parameters
 * @param choice which of their elements change
 * @param values what is added to them, in the order of the choice
 */
@SuppressWarnings("ArrayRecordComponent")
public record ElementValues(TargetedParameters parameters, ElementChoice choice, float[] values) {
    /**
     * What is left of a dense change when only its largest elements are kept; among equal ones those that come first.
     *
     * @param count how many
     * @param changes the change of a parameter, row by row; asked for several times
     * @throws ConfigurationException if a change is not a number
     */
    public static ElementValues largest(TargetedParameters parameters, long count, IntFunction<float[]> changes) {
        ElementChoice choice = ElementChoice.largest(parameters, count, i -> magnitudes(changes.apply(i)));
        float[] values = new float[choice.indices().length];
        for (int i = 0; i < parameters.all().size(); i++) {
            float[] own = choice.count(i) == 0 ? null : changes.apply(i);
            for (int at = (int) choice.bounds()[i]; at < choice.bounds()[i + 1]; at++) {
                values[at] = own[(int) choice.indices()[at]];
            }
        }
        return new ElementValues(parameters, choice, values);
    }

    private static float[] magnitudes(float[] changes) {
        float[] magnitudes = new float[changes.length];
        for (int i = 0; i < changes.length; i++) {
            magnitudes[i] = Math.abs(changes[i]);
        }
        return magnitudes;
    }

    /**
     * Takes a change out of stored tensors.
     *
     * @param count how many elements there must be
     * @param onDisk the name on disk of a parameter of the model
     * @throws ConfigurationException if the tensors are damaged or hold another number of elements
     */
    public static ElementValues read(
            AttachContext context, TargetedParameters parameters, long count, UnaryOperator<String> onDisk) {
        int number = parameters.all().size();
        long[] bounds = new long[number + 1];
        long[] indices = new long[Math.toIntExact(count)];
        float[] values = new float[indices.length];
        for (int i = 0; i < number; i++) {
            TargetedParameters.Target target = parameters.all().get(i);
            String name = onDisk.apply(target.name());
            bounds[i + 1] = bounds[i];
            if (context.stored(name + ".indices") || context.stored(name + ".values")) {
                long[] own = indices(context, name, target);
                bounds[i + 1] += own.length;
                if (bounds[i + 1] <= count) {
                    System.arraycopy(own, 0, indices, (int) bounds[i], own.length);
                    System.arraycopy(values(context, name, own.length), 0, values, (int) bounds[i], own.length);
                }
            }
        }
        if (bounds[number] != count) {
            throw new ConfigurationException("the adapter holds values for " + bounds[number]
                    + " elements where its density asks for " + count + " of the " + parameters.elements()
                    + " that are targeted");
        }
        return new ElementValues(parameters, new ElementChoice(bounds, indices), values);
    }

    private static long[] indices(AttachContext context, String name, TargetedParameters.Target target) {
        Tensor stored = context.read(name + ".indices");
        if (stored.dtype() != DType.INT64 || stored.shape().rank() != 1) {
            throw new ConfigurationException("tensor '" + name + ".indices' is "
                    + stored.dtype().safetensorsName() + stored.shape() + "; it must be a list of I64");
        }
        long[] indices = stored.longs();
        long before = -1;
        for (long index : indices) {
            if (index <= before || index >= target.elements()) {
                throw new ConfigurationException("tensor '" + name + ".indices' holds " + index + " after " + before
                        + "; indices must rise and lie below " + target.elements());
            }
            before = index;
        }
        return indices;
    }

    private static float[] values(AttachContext context, String name, int number) {
        Tensor stored = context.read(name + ".values");
        if (!stored.dtype().isFloating() || !stored.shape().equals(Shape.of(number))) {
            throw new ConfigurationException(
                    "tensor '" + name + ".values' is " + stored.dtype().safetensorsName() + stored.shape()
                            + "; it must hold a floating-point number for each of the " + number + " indices");
        }
        return stored.cast(DType.FLOAT32).floats();
    }

    /**
     * The tensors on disk, in the current scope.
     *
     * @param onDisk the name on disk of a parameter of the model
     */
    public Map<String, Tensor> state(Tensors tensors, UnaryOperator<String> onDisk) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < parameters.all().size(); i++) {
            if (choice.count(i) > 0) {
                String name = onDisk.apply(parameters.all().get(i).name());
                state.put(name + ".indices", indices(tensors, i));
                state.put(name + ".values", values(tensors, i));
            }
        }
        return state;
    }

    /** The change as steps of a merge, by parameter name. */
    public Map<String, UnaryOperator<Tensor>> merge(Tensors tensors) {
        Map<String, UnaryOperator<Tensor>> merge = new LinkedHashMap<>();
        for (int i = 0; i < parameters.all().size(); i++) {
            if (choice.count(i) > 0) {
                int parameter = i;
                merge.put(
                        parameters.all().get(i).name(),
                        base -> added(base, indices(tensors, parameter), values(tensors, parameter)));
            }
        }
        return merge;
    }

    private Tensor indices(Tensors tensors, int parameter) {
        return tensors.of(part(choice.indices(), parameter), Shape.of(choice.count(parameter)));
    }

    private Tensor values(Tensors tensors, int parameter) {
        float[] own =
                Arrays.copyOfRange(values, (int) choice.bounds()[parameter], (int) choice.bounds()[parameter + 1]);
        return tensors.of(own, Shape.of(own.length));
    }

    private long[] part(long[] all, int parameter) {
        return Arrays.copyOfRange(all, (int) choice.bounds()[parameter], (int) choice.bounds()[parameter + 1]);
    }

    /**
     * A parameter with a change at some of its elements; all others stay as they are to the bit.
     *
     * @param indices positions of the elements, row by row, {@code [n]}
     * @param values what is added to them, {@code [n]}
     */
    static Tensor added(Tensor base, Tensor indices, Tensor values) {
        return base.reshape(-1)
                .selectAdd(0, indices, values)
                .reshape(base.shape().toArray());
    }
}
