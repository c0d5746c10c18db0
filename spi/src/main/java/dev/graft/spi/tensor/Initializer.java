package dev.graft.spi.tensor;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;

/** Gives a new parameter its first value. */
@FunctionalInterface
public interface Initializer {
    /** A new tensor of this shape and dtype, in the current scope. */
    Tensor create(Tensors tensors, Shape shape, DType dtype, RandomStream random);

    /** The same value everywhere. */
    static Initializer constant(double value) {
        return (tensors, shape, dtype, random) -> tensors.full(shape, dtype, value);
    }

    /** Normal with mean 0. */
    static Initializer normal(double deviation) {
        return (tensors, shape, dtype, random) -> tensors.normal(shape, dtype, 0, deviation, random);
    }

    /** Even over {@code [-bound, bound)}. */
    static Initializer uniform(double bound) {
        return (tensors, shape, dtype, random) -> tensors.uniform(shape, dtype, -bound, bound, random);
    }

    /**
     * Kaiming-uniform with slope {@code sqrt(5)}, the default of torch's linear layers (He et al. 2015): even over
     * {@code ±1 / sqrt(in)} for a matrix {@code [out, in]}.
     */
    static Initializer kaimingUniform() {
        return (tensors, shape, dtype, random) -> {
            long inputs = shape.elements() / Math.max(1, shape.size(0));
            double bound = 1 / Math.sqrt((double) Math.max(1, inputs));
            return tensors.uniform(shape, dtype, -bound, bound, random);
        };
    }

    /** A value computed beforehand; its shape must be the one asked for. */
    static Initializer of(Tensor value) {
        return (tensors, shape, dtype, random) -> {
            if (!value.shape().equals(shape)) {
                throw new IllegalArgumentException(
                        "an initial value of shape " + value.shape() + " was given for a parameter of shape " + shape);
            }
            return value.cast(dtype);
        };
    }
}
