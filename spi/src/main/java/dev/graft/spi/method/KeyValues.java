package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;

/**
 * What an attention site computed for the tokens of one sequence.
 *
 * @param keys {@code [keyHeads, length, headSize]}, with their positions in them where the model puts them there
 * @param values {@code [keyHeads, length, headSize]}
 */
public record KeyValues(Tensor keys, Tensor values) {}
