package dev.graft.methods.prompt;

import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;

/**
 * Virtual tokens whose vectors learn.
 *
 * @param vectors {@code [virtualTokens, width]}
 */
record SoftPrompt(Parameter vectors) implements EmbeddingPatch {
    @Override
    public int virtualTokens() {
        return Math.toIntExact(vectors.spec().shape().size(0));
    }

    @Override
    public Tensor virtualVectors(PatchContext context) {
        return vectors.tensor();
    }
}
