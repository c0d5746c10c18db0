package dev.graft.objectives.dpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.testing.Bench;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares losses with the formulas worked out on the host. */
class PairLossTest {
    private static final double[] CHOSEN = {-12.5, -3.25, -40, -7};
    private static final double[] REJECTED = {-14, -2.5, -10, -7.5};
    private static final double[] CHOSEN_REFERENCE = {-13, -3, -44, -9};
    private static final double[] REJECTED_REFERENCE = {-13.5, -3, -11, -7};
    private static final double[] CHOSEN_TOKENS = {6, 1, 17, 4};
    private static final double[] REJECTED_TOKENS = {5, 2, 4, 3};
    private static final double BETA = 0.3;

    private Bench bench;
    private Scope scope;

    @BeforeEach
    void open() {
        bench = new Bench();
        scope = bench.tensors().scope();
    }

    @AfterEach
    void close() {
        scope.close();
        bench.close();
    }

    private Tensor tensor(double[] values) {
        return bench.tensors().of(values, Shape.of(values.length));
    }

    private PairLogs logs() {
        return new PairLogs(
                tensor(CHOSEN),
                tensor(REJECTED),
                tensor(CHOSEN_REFERENCE),
                tensor(REJECTED_REFERENCE),
                tensor(CHOSEN_TOKENS),
                tensor(REJECTED_TOKENS));
    }

    private void assertLosses(PairLoss loss, IntToDoubleFunction expected) {
        Tensor losses = loss.of(logs());
        for (int i = 0; i < CHOSEN.length; i++) {
            assertThat(losses.slice(0, i, i + 1L).item())
                    .as("%s of pair %d", loss.type(), i)
                    .isCloseTo(expected.applyAsDouble(i), within(1e-12));
        }
    }

    private static double better(int i) {
        return CHOSEN[i] - CHOSEN_REFERENCE[i];
    }

    private static double worse(int i) {
        return REJECTED[i] - REJECTED_REFERENCE[i];
    }

    private static double margin(int i) {
        return better(i) - worse(i);
    }

    private static double chosenMean(int i) {
        return CHOSEN[i] / CHOSEN_TOKENS[i];
    }

    private static double rejectedMean(int i) {
        return REJECTED[i] / REJECTED_TOKENS[i];
    }

    private static double logSigmoid(double x) {
        return -Math.log1p(Math.exp(-x));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void sigmoidIsTheLogisticLossOfTheMargin() {
        assertLosses(new PairLoss(LossType.SIGMOID, BETA, 0, 0), i -> -logSigmoid(BETA * margin(i)));
        assertLosses(
                new PairLoss(LossType.SIGMOID, BETA, 0.1, 0),
                i -> -0.9 * logSigmoid(BETA * margin(i)) - 0.1 * logSigmoid(-BETA * margin(i)));
    }

    @Test
    void hingeIsZeroWhereTheMarginIsWide() {
        assertLosses(new PairLoss(LossType.HINGE, BETA, 0, 0), i -> Math.max(0, 1 - BETA * margin(i)));
    }

    @Test
    void ipoDrawsTheMeanMarginToHalfTheInverseOfBeta() {
        assertLosses(
                new PairLoss(LossType.IPO, BETA, 0, 0),
                i -> Math.pow(better(i) / CHOSEN_TOKENS[i] - worse(i) / REJECTED_TOKENS[i] - 1 / (2 * BETA), 2));
    }

    @Test
    void ktoPairMeasuresEachAnswerAgainstTheOthersOfTheBatch() {
        double betters = Math.max(0, (better(0) + better(1) + better(2) + better(3)) / 4);
        double worses = Math.max(0, (worse(0) + worse(1) + worse(2) + worse(3)) / 4);

        assertThat(betters).isPositive();
        assertLosses(
                new PairLoss(LossType.KTO_PAIR, BETA, 0, 0),
                i -> (2 - sigmoid(BETA * (better(i) - worses)) - sigmoid(BETA * (betters - worse(i)))) / 2);
    }

    @Test
    void robustIsUnbiasedUnderFlippedLabels() {
        double e = 0.2;
        assertLosses(
                new PairLoss(LossType.ROBUST, BETA, e, 0),
                i -> (-(1 - e) * logSigmoid(BETA * margin(i)) + e * logSigmoid(-BETA * margin(i))) / (1 - 2 * e));
    }

    @Test
    void orpoAddsTheOddsRatioToTheLikelihoodOfTheBetterAnswer() {
        assertLosses(new PairLoss(LossType.ORPO, BETA, 0, 0), i -> {
            double p = Math.exp(chosenMean(i));
            double q = Math.exp(rejectedMean(i));
            return -chosenMean(i) - BETA * logSigmoid(Math.log(p / (1 - p)) - Math.log(q / (1 - q)));
        });
    }

    @Test
    void orpoStaysFiniteWhereAnAnswerIsCertain() {
        PairLogs certain = new PairLogs(
                tensor(new double[] {0}),
                tensor(new double[] {-800}),
                null,
                null,
                tensor(new double[] {1}),
                tensor(new double[] {1}));

        assertThat(new PairLoss(LossType.ORPO, BETA, 0, 0).of(certain).item()).isCloseTo(0, within(1e-9));
    }

    @Test
    void simpoAsksTheMeanToLeadByGamma() {
        assertLosses(
                new PairLoss(LossType.SIMPO, BETA, 0, 0.8),
                i -> -logSigmoid(BETA * (chosenMean(i) - rejectedMean(i)) - 0.8));
    }
}
