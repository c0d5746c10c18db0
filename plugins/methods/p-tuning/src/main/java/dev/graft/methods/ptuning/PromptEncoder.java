package dev.graft.methods.ptuning;

import dev.graft.spi.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Writes the virtual tokens. */
@FunctionalInterface
interface PromptEncoder {
    /**
     * The virtual tokens.
     *
     * @param dropout dropout of this pass
     * @return {@code [virtualTokens, width]}
     */
    Tensor vectors(UnaryOperator<Tensor> dropout);
}
