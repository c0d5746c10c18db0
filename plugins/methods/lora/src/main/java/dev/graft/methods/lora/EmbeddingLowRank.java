package dev.graft.methods.lora;

import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.tensor.Tensor;

/**
 * The low-rank update of an embedding table: row {@code i} becomes {@code E[i] + s B A[:, i]}.
 *
 * @param site the table
 * @param a {@code [r, rows]}
 * @param b {@code [width, r]}
 * @param scaling s
 */
record EmbeddingLowRank(EmbeddingSite site, Parameter a, Parameter b, double scaling) implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        return vectors.add(update(ids).cast(vectors.dtype()));
    }

    /** What is added to the vectors of ids, {@code [ids..., width]}. */
    Tensor update(Tensor ids) {
        Tensor codes = a.tensor().transpose(0, 1).embedding(ids);
        return codes.linear(b.tensor(), null).mul(scaling * site.scale());
    }

    /** A and B as they are now, cut off from the backward pass. */
    Factors factors() {
        return new Factors(a.tensor().detach(), b.tensor().detach());
    }

    /** What is added to the table, {@code [rows, width]}. */
    Tensor delta() {
        return factors().product().transpose(0, 1).mul(scaling);
    }
}
