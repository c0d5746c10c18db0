package dev.graft.methods.adapter;

import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;

/**
 * A layer normalisation of an adapter's own.
 *
 * @param weight {@code [width]}
 * @param bias {@code [width]}
 */
record Norm(Parameter weight, Parameter bias) {
    private static final double EPSILON = 1e-5;

    Tensor apply(Tensor x) {
        return x.layerNorm(weight.tensor(), bias.tensor(), EPSILON);
    }
}
