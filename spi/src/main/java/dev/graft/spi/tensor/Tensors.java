package dev.graft.spi.tensor;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.util.List;
import java.util.function.Supplier;

/** Makes tensors, and bounds their lives. */
public interface Tensors {
    /** Opens a scope inside the current one. */
    Scope scope();

    /** A tensor filled with one value. */
    Tensor full(Shape shape, DType dtype, double value);

    /** A tensor of zeros. */
    default Tensor zeros(Shape shape, DType dtype) {
        return full(shape, dtype, 0);
    }

    /** Elements copied from the host, {@link DType#FLOAT32}. */
    Tensor of(float[] values, Shape shape);

    /** Elements copied from the host, {@link DType#FLOAT64}. */
    Tensor of(double[] values, Shape shape);

    /** Elements copied from the host, {@link DType#INT64}. */
    Tensor of(long[] values, Shape shape);

    /** The integers from {@code start} to {@code end - 1}, {@link DType#INT64}. */
    Tensor range(long start, long end);

    /** Normally distributed elements. */
    Tensor normal(Shape shape, DType dtype, double mean, double deviation, RandomStream random);

    /** Evenly distributed elements of {@code [low, high)}. */
    Tensor uniform(Shape shape, DType dtype, double low, double high, RandomStream random);

    /** Joins tensors along an existing axis. */
    Tensor concat(List<Tensor> parts, int axis);

    /** Thin singular value decomposition: U, S, V transposed; carries no gradient. */
    List<Tensor> svd(Tensor matrix);

    /** Runs a computation without recording it for a backward pass. */
    <T> T withoutGradient(Supplier<T> computation);
}
