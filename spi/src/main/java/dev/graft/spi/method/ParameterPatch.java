package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/**
 * Stands in for a parameter of the frozen base wherever the model uses it: a replacement (full fine-tuning, a new head)
 * or a delta (a bias term, a sparse difference). Patches of one parameter act in the order of attachment.
 */
@FunctionalInterface
public interface ParameterPatch {
    /**
     * The value to use instead.
     *
     * @param base the value so far; zeros where the base has no such parameter (a bias that is brought in)
     */
    Tensor value(PatchContext context, Tensor base);
}
