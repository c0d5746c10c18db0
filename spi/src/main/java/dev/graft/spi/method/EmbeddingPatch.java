package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/** Acts at an embedding site. */
public interface EmbeddingPatch {
    /**
     * Changes looked-up vectors.
     *
     * @param ids {@code [rows, length]}
     * @param vectors {@code [rows, length, width]}
     */
    default Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        return vectors;
    }

    /** Number of virtual tokens put in front of each row; only at the token table. */
    default int virtualTokens() {
        return 0;
    }

    /** The virtual tokens, {@code [virtualTokens, width]}; asked for only when there are any. */
    default Tensor virtualVectors(PatchContext context) {
        throw new UnsupportedOperationException("this patch has no virtual tokens");
    }
}
