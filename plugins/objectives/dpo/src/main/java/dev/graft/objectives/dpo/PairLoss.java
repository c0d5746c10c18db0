package dev.graft.objectives.dpo;

import dev.graft.spi.tensor.Tensor;

/**
 * The loss on a pair. With log p the policy's and log q the reference's log-probability of an answer given its prompt,
 * each the sum over the answer's tokens, {@code r = log p - log q}, {@code h = r+ - r-} of the better and the worse answer,
 * and m the mean of log p over the answer's tokens.
 *
 * @param type which
 * @param beta above 0
 * @param smoothing e, probability that a preference is flipped
 * @param gamma margin of SimPO
 */
record PairLoss(LossType type, double beta, double smoothing, double gamma) {
    /** Mean log-probabilities are kept this far below 0, where {@code log(1 - e^m)} ends. */
    private static final double SURE = -1e-12;

    /** Losses of pairs, {@code [pairs]}. */
    Tensor of(PairLogs logs) {
        return switch (type) {
            case SIGMOID -> smoothed(logs.margin().mul(beta));
            case HINGE -> logs.margin().mul(-beta).add(1).relu();
            case IPO ->
                logs.chosenRatio()
                        .div(logs.chosenTokens())
                        .sub(logs.rejectedRatio().div(logs.rejectedTokens()))
                        .sub(1 / (2 * beta))
                        .square();
            case KTO_PAIR -> kto(logs.chosenRatio(), logs.rejectedRatio());
            case ROBUST -> {
                Tensor h = logs.margin().mul(beta);
                Tensor kept = h.logSigmoid().mul(smoothing - 1);
                yield kept.add(h.neg().logSigmoid().mul(smoothing)).div(1 - 2 * smoothing);
            }
            case ORPO -> {
                Tensor better = logs.chosenMean();
                Tensor odds = logOdds(better).sub(logOdds(logs.rejectedMean()));
                yield better.neg().sub(odds.logSigmoid().mul(beta));
            }
            case SIMPO ->
                smoothed(logs.chosenMean().sub(logs.rejectedMean()).mul(beta).sub(gamma));
        };
    }

    /**
     * What the policy pays the better answer of each pair, {@code [pairs]}: {@code beta r}, or {@code beta m} where there is
     * no reference.
     */
    Tensor chosenReward(PairLogs logs) {
        return (type.averages() ? logs.chosenMean() : logs.chosenRatio()).mul(beta);
    }

    /** The same of the worse answer. */
    Tensor rejectedReward(PairLogs logs) {
        return (type.averages() ? logs.rejectedMean() : logs.rejectedRatio()).mul(beta);
    }

    private Tensor smoothed(Tensor h) {
        Tensor kept = h.logSigmoid().mul(smoothing - 1);
        return smoothing == 0 ? kept : kept.sub(h.neg().logSigmoid().mul(smoothing));
    }

    private Tensor kto(Tensor better, Tensor worse) {
        Tensor zBetter = better.mean().relu();
        Tensor zWorse = worse.mean().relu();
        Tensor won = better.sub(zWorse).mul(beta).sigmoid();
        Tensor lost = zBetter.sub(worse).mul(beta).sigmoid();
        return won.add(lost).mul(-0.5).add(1);
    }

    private static Tensor logOdds(Tensor mean) {
        Tensor m = mean.clamp(Double.NEGATIVE_INFINITY, SURE);
        return m.sub(m.exp().neg().add(1).log());
    }
}
