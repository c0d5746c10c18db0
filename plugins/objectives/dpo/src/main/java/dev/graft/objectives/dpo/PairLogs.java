package dev.graft.objectives.dpo;

import dev.graft.spi.tensor.Tensor;

/**
 * Log-probabilities of the answers of pairs, each {@code [pairs]}, in double precision: sums over an answer's tokens.
 *
 * @param chosen the policy's, of better answers
 * @param rejected the policy's, of worse answers
 * @param referenceChosen the reference's, of better answers; null where the loss has no reference
 * @param referenceRejected the reference's, of worse answers; null where the loss has no reference
 * @param chosenTokens how many tokens the better answers have
 * @param rejectedTokens how many tokens the worse answers have
 */
record PairLogs(
        Tensor chosen,
        Tensor rejected,
        Tensor referenceChosen,
        Tensor referenceRejected,
        Tensor chosenTokens,
        Tensor rejectedTokens) {
    Tensor chosenRatio() {
        return chosen.sub(referenceChosen);
    }

    Tensor rejectedRatio() {
        return rejected.sub(referenceRejected);
    }

    Tensor margin() {
        return chosenRatio().sub(rejectedRatio());
    }

    Tensor chosenMean() {
        return chosen.div(chosenTokens);
    }

    Tensor rejectedMean() {
        return rejected.div(rejectedTokens);
    }
}
