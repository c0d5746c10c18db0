package dev.graft.spi.method;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.ParameterSpec.Storage;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.function.UnaryOperator;

/**
 * A trainable change of some of the elements of {@link TargetedParameters}. Only the chosen elements have memory: one
 * parameter {@code values [chosen]}, and two variables that say where they belong. Which elements these are may be
 * decided when the run has begun; until then it changes nothing. It is read from files and written to them by {@link
 * ElementValues}.
 */
public final class ElementDelta {
    private final TargetedParameters parameters;
    private final long count;
    private final Parameter values;
    private final Variable indices;
    private final Variable bounds;

    private ElementDelta(
            TargetedParameters parameters, long count, Parameter values, Variable indices, Variable bounds) {
        this.parameters = parameters;
        this.count = count;
        this.values = values;
        this.indices = indices;
        this.bounds = bounds;
    }

    /**
     * Declares a change, with the stored elements and values if the adapter is being loaded, otherwise without elements.
     *
     * @param count number of elements that change
     * @param onDisk the name on disk of a parameter of the model
     * @throws dev.graft.spi.config.ConfigurationException if stored tensors are damaged or do not fit
     */
    public static ElementDelta declare(
            AttachContext context, TargetedParameters parameters, long count, UnaryOperator<String> onDisk) {
        ElementValues stored = context.loading() ? ElementValues.read(context, parameters, count, onDisk) : null;
        Initializer values = stored == null
                ? Initializer.constant(0)
                : (tensors, shape, dtype, random) ->
                        tensors.of(stored.values(), shape).cast(dtype);
        ElementDelta delta = new ElementDelta(
                parameters,
                count,
                context.parameter(new ParameterSpec(
                        "values", Shape.of(count), values, Integer.MAX_VALUE, true, Storage.OPTIONAL)),
                numbers(
                        context,
                        "indices",
                        stored == null ? null : stored.choice().indices(),
                        count),
                numbers(
                        context,
                        "bounds",
                        stored == null ? null : stored.choice().bounds(),
                        parameters.all().size() + 1L));
        return delta;
    }

    private static Variable numbers(AttachContext context, String name, long[] stored, long size) {
        Initializer initializer = (tensors, shape, dtype, random) ->
                stored == null ? tensors.zeros(shape, dtype) : tensors.of(stored, shape);
        return context.variable(name, Shape.of(size), DType.INT64, initializer, Storage.RUN);
    }

    /** The trainable values, {@code [chosen]}, of all parameters in turn. */
    public Parameter values() {
        return values;
    }

    /** Number of elements that change. */
    public long count() {
        return count;
    }

    /** Whether it is decided which elements change. */
    public boolean chosen() {
        return bounds.tensor().longs()[parameters.all().size()] == count;
    }

    /** Decides which elements change; their values stay as they are, in the new order. */
    public void choose(Tensors tensors, ElementChoice choice) {
        indices.set(tensors.of(choice.indices(), Shape.of(choice.indices().length)));
        bounds.set(tensors.of(choice.bounds(), Shape.of(choice.bounds().length)));
    }

    /** Decides which elements change and by how much. */
    public void choose(Tensors tensors, ElementValues chosen) {
        choose(tensors, chosen.choice());
        values.set(tensors.of(chosen.values(), Shape.of(chosen.values().length)));
    }

    /**
     * A parameter with its change; all other elements stay as they are to the bit.
     *
     * @param parameter its number among the targeted parameters
     * @param base its value so far
     */
    public Tensor apply(int parameter, Tensor base) {
        long[] at = bounds.tensor().longs();
        long from = at[parameter];
        long to = at[parameter + 1];
        return from == to
                ? base
                : ElementValues.added(
                        base,
                        indices.tensor().slice(0, from, to),
                        values.tensor().slice(0, from, to));
    }

    /** The change as it is now. */
    public ElementValues now() {
        ElementChoice choice =
                new ElementChoice(bounds.tensor().longs(), indices.tensor().longs());
        return new ElementValues(parameters, choice, values.tensor().floats());
    }
}
