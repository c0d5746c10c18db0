package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/**
 * A tensor of an attachment that no gradient reaches but that the attachment itself may change, in
 * {@link Attachment#stepped} and {@link Attachment#calibrated}. A run that is resumed finds the value it had.
 */
public interface Variable {
    /** Its name on disk. */
    String name();

    /** Its value now; requires no gradient. Ask again for every pass. */
    Tensor tensor();

    /**
     * Overwrites the value.
     *
     * @param value of the same shape and dtype; copied
     */
    void set(Tensor value);
}
