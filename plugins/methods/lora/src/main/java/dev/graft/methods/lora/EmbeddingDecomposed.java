package dev.graft.methods.lora;

import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;

/**
 * Weight-decomposed low-rank adaptation of an embedding table: {@link WeightDecomposed} with the elements of the
 * vectors as outputs, so that a norm runs over the whole vocabulary.
 *
 * @param lowRank the directional update
 * @param magnitude m, {@code [width]}
 * @param directions the norms
 */
record EmbeddingDecomposed(EmbeddingLowRank lowRank, Parameter magnitude, Directions directions)
        implements EmbeddingPatch {
    @Override
    public Tensor vectors(PatchContext context, Tensor ids, Tensor vectors) {
        return vectors.add(lowRank.update(ids)).mul(factor()).cast(vectors.dtype());
    }

    /**
     * The merged table.
     *
     * @param base {@code [rows, width]}
     */
    Tensor merged(Tensor base) {
        return base.add(lowRank.delta()).mul(factor().detach());
    }

    private Tensor factor() {
        return magnitude.tensor().div(directions.norms());
    }
}
