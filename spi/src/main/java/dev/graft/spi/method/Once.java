package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;
import java.util.function.Function;

/**
 * Something that several patches of an attachment need in a pass and that is computed once for all of them, with
 * {@link PatchContext#once}. An attachment names those it has in {@link Attachment#once}.
 */
public final class Once {
    private final Function<PatchContext, Tensor> computation;

    /** A computation from the attachment's own tensors alone. */
    public Once(Function<PatchContext, Tensor> computation) {
        this.computation = computation;
    }

    /** Computes it, in the current scope. */
    public Tensor compute(PatchContext context) {
        return computation.apply(context);
    }
}
