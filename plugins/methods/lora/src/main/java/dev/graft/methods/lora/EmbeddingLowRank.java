package dev.graft.methods.lora;

import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;

/**
 * The low-rank update of an embedding table: row {@code i} becomes {@code E[i] + s B A[:, i]}.
 *
 * @param a {@code [r, rows]}
 * @param b {@code [width, r]}
 * @param scaling s
 */
record EmbeddingLowRank(Parameter a, Parameter b, double scaling) implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        Tensor codes = a.tensor().transpose(0, 1).embedding(ids);
        return vectors.addScaled(codes.linear(b.tensor(), null).cast(vectors.dtype()), scaling);
    }

    /** {@code s (B A)^T}, {@code [rows, width]}. */
    Tensor delta() {
        return a.tensor().detach().matmul(b.tensor().detach(), true, true).mul(scaling);
    }
}
