package dev.graft.methods.adapter;

import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;

/**
 * The factor on what an adapter computes.
 *
 * @param number a fixed one
 * @param learned {@code [1]} or {@code [width]}, or null where it is fixed
 */
record Scaling(double number, Parameter learned) {
    Tensor apply(Tensor x) {
        if (learned != null) {
            return x.mul(learned.tensor());
        }
        return number == 1 ? x : x.mul(number);
    }
}
