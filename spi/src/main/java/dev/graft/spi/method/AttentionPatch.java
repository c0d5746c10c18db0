package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/** Puts keys and values in front of those a sequence computes, at one attention site. They carry no rotary position. */
public interface AttentionPatch {
    /** Number of keys put in front. */
    int length();

    /** The keys, {@code [keyHeads, length, headSize]}. */
    Tensor keys(PatchContext context);

    /** The values, {@code [keyHeads, length, headSize]}. */
    Tensor values(PatchContext context);

    /**
     * Whether the keys take up positions, so that the tokens of the sequence count on from {@link #length}, as they do
     * when PEFT passes them as past key values.
     */
    default boolean takesPositions() {
        return true;
    }
}
