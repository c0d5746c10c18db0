package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/** A trainable tensor of an attachment. The optimizer changes its elements in place between passes. */
public interface Parameter {
    /** What it was declared as. */
    ParameterSpec spec();

    /**
     * Its value now, a leaf that requires a gradient. Ask again for every pass.
     *
     * <p>A patch MUST compute with the value of its pass (rule 3.12).
     */
    Tensor tensor();

    /**
     * Overwrites the value, in {@link Attachment#stepped} or {@link Attachment#calibrated}. What the optimizer keeps of
     * it stays.
     *
     * @param value of the same shape; copied in the parameter's dtype
     */
    void set(Tensor value);

    /** Its name on disk. */
    default String name() {
        return spec().name();
    }
}
