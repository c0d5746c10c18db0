package dev.graft.objectives.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.testing.Bench;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares losses and figures of given logits with plain computations. */
class ClassificationLossTest {
    private static final double[][] LOGITS = {
        {2.0, -1.0, 0.5}, {0.1, 0.2, 0.3}, {-1.5, 3.0, 0.0}, {1.0, 0.0, 4.0}, {0.4, 0.3, -0.2}
    };
    private static final int[] LABELS = {0, 1, 1, 0, 0};

    /** What {@code torch.nn.functional.cross_entropy} gives for them in double precision. */
    private static final double TORCH_PLAIN = 1.073165654050301;

    /** The same with {@code weight=[0.5, 2, 3], label_smoothing=0.25}. */
    private static final double TORCH_BOTH = 1.3004931627241316;

    private Bench bench;

    @BeforeEach
    void openEngine() {
        bench = new Bench();
    }

    @AfterEach
    void closeEngine() {
        bench.close();
    }

    private static Classification objective(double smoothing, List<Double> weights) {
        return new Classification(new ClassificationConfig("text", "text_pair", "label", smoothing, weights));
    }

    /** A runner whose model gives the logits of some rows. */
    private Runner runner(int from, int to) {
        Runner runner = mock(Runner.class);
        when(runner.tensors()).thenReturn(bench.tensors());
        when(runner.forward(any())).thenAnswer(call -> {
            int classes = LOGITS[0].length;
            double[] flat = Arrays.stream(LOGITS, from, to)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            Tensor logits = bench.tensors().of(flat, Shape.of(to - from, classes));
            return Output.headed(null, logits, UnaryOperator.identity());
        });
        return runner;
    }

    private static Batch batch(int from, int to) {
        List<Example> examples = Arrays.stream(LABELS, from, to)
                .mapToObj(label ->
                        new Example(List.of(new Sequence(new int[] {7}, null, null)), Map.of("label", (double) label)))
                .toList();
        return new Batch(Input.of(null, null), null, examples);
    }

    private static double logProbability(double[] logits, int label) {
        return logits[label] - Math.log(Arrays.stream(logits).map(Math::exp).sum());
    }

    private void check(double smoothing, List<Double> given, double expectedWeight) {
        List<Double> weights = given == null ? List.of(1.0, 1.0, 1.0) : given;
        double expected = 0;
        for (int row = 0; row < LABELS.length; row++) {
            expected -= (1 - smoothing) * weights.get(LABELS[row]) * logProbability(LOGITS[row], LABELS[row]);
            for (int label = 0; label < 3; label++) {
                expected -= smoothing / 3 * weights.get(label) * logProbability(LOGITS[row], label);
            }
        }
        try (Scope scope = bench.tensors().scope()) {
            Loss loss = objective(smoothing, given).loss(runner(0, 5), batch(0, 5));

            assertThat(loss.sum().item()).isCloseTo(expected, within(1e-6));
            assertThat(loss.weight()).isCloseTo(expectedWeight, within(1e-12));
            assertThat(loss.metrics()).isEmpty();
        }
    }

    @Test
    void lossIsTheSumOverExamplesAndTheirNumber() {
        check(0, null, 5);
    }

    @Test
    void smoothingSpreadsTheTargetOverAllClasses() {
        check(0.1, null, 5);
    }

    @Test
    void classWeightsWeighLossesAndTheirMean() {
        check(0, List.of(0.5, 2.0, 3.0), 0.5 * 3 + 2.0 * 2);
    }

    @Test
    void classWeightsWeighSmoothedTargetsToo() {
        check(0.25, List.of(0.5, 2.0, 3.0), 0.5 * 3 + 2.0 * 2);
    }

    @Test
    void meanLossIsThatOfTorch() {
        try (Scope scope = bench.tensors().scope()) {
            Loss plain = objective(0, null).loss(runner(0, 5), batch(0, 5));
            Loss both = objective(0.25, List.of(0.5, 2.0, 3.0)).loss(runner(0, 5), batch(0, 5));

            assertThat(plain.sum().item() / plain.weight()).isCloseTo(TORCH_PLAIN, within(1e-6));
            assertThat(both.sum().item() / both.weight()).isCloseTo(TORCH_BOTH, within(1e-6));
        }
    }

    private Map<String, Double> figures(Evaluator evaluator, int... bounds) {
        for (int i = 1; i < bounds.length; i++) {
            evaluator.add(runner(bounds[i - 1], bounds[i]), batch(bounds[i - 1], bounds[i]));
        }
        return evaluator.figures();
    }

    @Test
    void figuresAreThoseOfAPlainComputation() {
        Map<String, Double> figures = figures(objective(0, null).evaluator(List.of("no", "yes", "maybe")), 0, 2, 5);

        // labels 0 1 1 0 0, predictions 0 2 1 2 0
        assertThat(figures.keySet()).containsExactly("loss", "accuracy", "macro_f1", "f1/no", "f1/yes", "f1/maybe");
        assertThat(figures.get("loss")).isCloseTo(TORCH_PLAIN, within(1e-6));
        assertThat(figures.get("accuracy")).isEqualTo(0.6);
        assertThat(figures.get("f1/no")).isCloseTo(4.0 / 5, within(1e-12));
        assertThat(figures.get("f1/yes")).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(figures.get("f1/maybe")).isZero();
        assertThat(figures.get("macro_f1")).isCloseTo((4.0 / 5 + 2.0 / 3) / 3, within(1e-12));
    }

    @Test
    void classesThatNeverOccurHaveNoFigure() {
        Map<String, Double> figures = figures(objective(0, null).evaluator(List.of("no", "yes", "maybe")), 2, 3);

        assertThat(figures)
                .containsOnlyKeys("loss", "accuracy", "macro_f1", "f1/yes")
                .containsEntry("macro_f1", 1.0);
    }

    @Test
    void classesWithoutNamesGoByTheirNumbers() {
        assertThat(figures(objective(0, null).evaluator(), 0, 5)).containsKeys("f1/0", "f1/1", "f1/2");
    }

    @Test
    void batchesAddUpToOneLargeBatch() {
        Classification weighted = objective(0.25, List.of(0.5, 2.0, 3.0));

        Map<String, Double> apart = figures(weighted.evaluator(), 0, 1, 3, 5);

        assertThat(apart.get("loss")).isCloseTo(TORCH_BOTH, within(1e-6));
        assertThat(apart)
                .containsEntry("macro_f1", figures(weighted.evaluator(), 0, 5).get("macro_f1"));
    }
}
