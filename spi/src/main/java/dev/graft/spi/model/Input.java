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
 * @param branches continuations of one beginning within a sequence, {@code [batch, length]}: tokens of branch 0 are seen by
 *     all later ones of their sequence, others only within their own branch; null = no branches. Positions must be given
 *     along
 * @param decoderIds token ids of the decoder, {@code [batch, decoderLength]}, for models with two stacks
 * @param decoderMask 1 for tokens and 0 for padding of the decoder
 */
public record Input(
        Tensor ids,
        Tensor mask,
        Tensor positions,
        Tensor tokenTypes,
        Tensor segments,
        Tensor branches,
        Tensor decoderIds,
        Tensor decoderMask) {
    /** An input without branches. */
    public Input(
            Tensor ids,
            Tensor mask,
            Tensor positions,
            Tensor tokenTypes,
            Tensor segments,
            Tensor decoderIds,
            Tensor decoderMask) {
        this(ids, mask, positions, tokenTypes, segments, null, decoderIds, decoderMask);
    }

    /** Ids and their padding mask. */
    public static Input of(Tensor ids, Tensor mask) {
        return new Input(ids, mask, null, null, null, null, null);
    }
}
