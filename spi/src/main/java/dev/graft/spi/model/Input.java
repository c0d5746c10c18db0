package dev.graft.spi.model;

import dev.graft.spi.tensor.Tensor;

/**
 * What goes into a forward pass. Everything but the ids may be null.
 *
 * @param ids token ids {@code [batch, length]}
 * @param mask 1 for tokens and 0 for padding, {@code [batch, length]}; null = no padding
 * @param positions position of each token, {@code [batch, length]}; null = counted per row over unmasked tokens
 * @param tokenTypes segment of a sentence pair, {@code [batch, length]}; null = 0
 * @param segments number of the packed sequence a token belongs to, {@code [batch, length]}: tokens attend only within
 *     their own; null = one sequence per row
 * @param decoderIds token ids of the decoder, {@code [batch, decoderLength]}, for models with two stacks
 * @param decoderMask 1 for tokens and 0 for padding of the decoder
 */
public record Input(
        Tensor ids,
        Tensor mask,
        Tensor positions,
        Tensor tokenTypes,
        Tensor segments,
        Tensor decoderIds,
        Tensor decoderMask) {
    /** Ids and their padding mask. */
    public static Input of(Tensor ids, Tensor mask) {
        return new Input(ids, mask, null, null, null, null, null);
    }
}
