package dev.graft.methods.ptuning;

import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;

/**
 * Virtual tokens in front of the input.
 *
 * @param encoder writes them
 * @param virtualTokens how many there are
 * @param dropout of the encoder
 */
record TokensInFront(PromptEncoder encoder, int virtualTokens, double dropout) implements EmbeddingPatch {
    @Override
    public Tensor virtualVectors(PatchContext context) {
        return encoder.vectors(x -> context.dropout(x, dropout));
    }
}
