package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Acts around a linear site. The frozen product of all rows is computed once, between {@link #input} and
 * {@link #output}. Of several patches at one site each acts on the layer as the attachments before its own have made it:
 * what goes in passes them from the last to the first, what comes out from the first to the last.
 */
public interface LinearPatch {
    /**
     * Changes what goes in; zeros stay zeros.
     *
     * @param x {@code [rows, ..., in]}
     */
    default Tensor input(PatchContext context, Tensor x) {
        return x;
    }

    /**
     * Changes what comes out.
     *
     * @param x what went in before this patch changed it, {@code [rows, ..., in]}
     * @param y what came out, {@code [rows, ..., out]}
     */
    default Tensor output(PatchContext context, Tensor x, Tensor y) {
        return y;
    }

    /**
     * Changes what comes out, by patches that treat the linear part of the layer and what is added to it differently.
     *
     * @param x as for {@link #output(PatchContext, Tensor, Tensor)}
     * @param y as for {@link #output(PatchContext, Tensor, Tensor)}
     * @param offset what would have come out for zeros, {@code [out]}; empty where that is zero
     */
    default Tensor output(PatchContext context, Tensor x, Tensor y, Supplier<Optional<Tensor>> offset) {
        return output(context, x, y);
    }

    /** Whether {@link #input} does anything. */
    default boolean changesInput() {
        return false;
    }
}
