package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/**
 * Acts around a linear site. The frozen product of all rows is computed once, between {@link #input} and
 * {@link #output}. Several patches at one site act in the order of attachment, on the way in and on the way out.
 */
public interface LinearPatch {
    /**
     * Changes what goes in.
     *
     * @param x {@code [rows, ..., in]}
     */
    default Tensor input(PatchContext context, Tensor x) {
        return x;
    }

    /**
     * Changes what comes out.
     *
     * @param x what went in before any patch changed it, {@code [rows, ..., in]}
     * @param y what came out, {@code [rows, ..., out]}
     */
    default Tensor output(PatchContext context, Tensor x, Tensor y) {
        return y;
    }

    /** Whether {@link #input} does anything. */
    default boolean changesInput() {
        return false;
    }
}
