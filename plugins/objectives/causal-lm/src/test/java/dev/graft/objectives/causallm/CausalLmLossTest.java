package dev.graft.objectives.causallm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.Bench;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares losses and figures of a small random model with a plain computation on its logits. */
class CausalLmLossTest {
    private static final int VOCABULARY = 32;
    private static final Example LONG = example(new int[] {1, 5, 9, 4, 7, 2}, new int[] {1, 5, 9, 4, 7, 2}, 2.5);
    private static final Example ANSWER = example(new int[] {1, 8, 6, 2}, new int[] {-100, -100, 6, 2}, 1.5);
    private static final Example OTHER = example(new int[] {1, 3, 3}, new int[] {1, 3, 3}, 4);

    private final CausalLm objective = new CausalLm(Encodings.DEFAULTS);
    private final Runner runner = mock(Runner.class);
    private Bench bench;
    private LoadedModel model;

    private static Example example(int[] ids, int[] labels, double characters) {
        return new Example(List.of(Sequence.of(ids, labels)), Map.of("characters_per_token", characters));
    }

    @BeforeEach
    void openModel() {
        bench = new Bench();
        model = bench.random(
                JsonCheckpointConfig.of(
                        Path.of("config.json"),
                        Map.of(
                                "model_type", "llama",
                                "vocab_size", VOCABULARY,
                                "hidden_size", 16,
                                "intermediate_size", 24,
                                "num_hidden_layers", 2,
                                "num_attention_heads", 4,
                                "max_position_embeddings", 64,
                                "initializer_range", 0.5)),
                Task.CAUSAL_LM,
                0,
                11);
        when(runner.tensors()).thenReturn(bench.tensors());
        when(runner.model()).thenReturn(model.description());
        when(runner.forward(any())).thenAnswer(call -> forward(call.getArgument(0)));
    }

    @AfterEach
    void closeModel() {
        model.close();
        bench.close();
    }

    private Output forward(Input input) {
        return model.forward(input, RowAssignment.base(), PassOptions.inference());
    }

    /** Losses of predicted labels, and whether each was the first choice. */
    private record Predictions(List<Double> losses, List<Boolean> hits) {
        /**
         * Reads them off logits {@code [rows, slots, vocabulary]}.
         *
         * @param labels {@code [rows, length]}
         */
        static Predictions of(float[] logits, long[] labels, int rows) {
            Predictions predictions = new Predictions(new ArrayList<>(), new ArrayList<>());
            int length = labels.length / rows;
            int slots = logits.length / VOCABULARY / rows;
            for (int i = 0; i < labels.length; i++) {
                int slot = i % length + slots - length - 1;
                if (labels[i] != -100 && slot >= 0) {
                    predictions.add(logits, (i / length * slots + slot) * VOCABULARY, (int) labels[i]);
                }
            }
            return predictions;
        }

        private void add(float[] logits, int start, int label) {
            double total = 0;
            boolean largest = true;
            for (int token = 0; token < VOCABULARY; token++) {
                total += Math.exp(logits[start + token]);
                largest &= logits[start + token] <= logits[start + label];
            }
            losses.add(Math.log(total) - logits[start + label]);
            hits.add(largest);
        }

        double sum() {
            return losses.stream().mapToDouble(loss -> loss).sum();
        }

        double accuracy() {
            return (double) hits.stream().filter(hit -> hit).count() / hits.size();
        }
    }

    private Predictions predictions(HostBatch batch) {
        try (Scope scope = bench.tensors().scope()) {
            Input input = batch.toBatch(bench.tensors()).input();
            return Predictions.of(forward(input).logits().floats(), batch.labels(), batch.rows());
        }
    }

    private Map<String, Double> figures(Evaluator evaluator, HostBatch... batches) {
        for (HostBatch batch : batches) {
            try (Scope scope = bench.tensors().scope()) {
                evaluator.add(runner, batch.toBatch(bench.tensors()));
            }
        }
        return evaluator.figures();
    }

    @Test
    void lossIsTheSumOverLearnedTokensAndTheirNumber() {
        HostBatch batch = HostBatch.padded(List.of(LONG, ANSWER), 0, 1);
        Predictions expected = predictions(batch);

        try (Scope scope = bench.tensors().scope()) {
            Loss loss = objective.loss(runner, batch.toBatch(bench.tensors()));

            assertThat(loss.weight()).isEqualTo(7);
            assertThat(loss.sum().item()).isCloseTo(expected.sum(), within(1e-4));
            assertThat(loss.metrics()).isEmpty();
        }
    }

    @Test
    void packedExamplesLoseWhatTheyLoseAlone() {
        HostBatch packed = HostBatch.packed(List.of(List.of(LONG, ANSWER, OTHER)), 0, 16);
        double apart = predictions(HostBatch.padded(List.of(LONG, ANSWER, OTHER), 0, 1))
                .sum();

        assertThat(objective.packable()).isTrue();
        try (Scope scope = bench.tensors().scope()) {
            Loss loss = objective.loss(runner, packed.toBatch(bench.tensors()));

            assertThat(loss.weight()).isEqualTo(9);
            assertThat(loss.sum().item()).isCloseTo(apart, within(1e-4));
        }
    }

    @Test
    void figuresAreThoseOfAPlainComputation() {
        HostBatch first = HostBatch.padded(List.of(LONG, ANSWER), 0, 1);
        HostBatch second = HostBatch.padded(List.of(OTHER), 0, 1);
        Predictions expected = predictions(HostBatch.padded(List.of(LONG, ANSWER, OTHER), 0, 1));

        Map<String, Double> figures = figures(objective.evaluator(List.of()), first, second);

        assertThat(figures.keySet())
                .containsExactly("loss", "perplexity", "token_accuracy", "loss_per_character", "tokens");
        assertThat(figures.get("loss")).isCloseTo(expected.sum() / 9, within(1e-5));
        assertThat(figures.get("perplexity")).isCloseTo(Math.exp(expected.sum() / 9), within(1e-3));
        assertThat(figures.get("token_accuracy")).isEqualTo(expected.accuracy());
        assertThat(figures.get("loss_per_character"))
                .isCloseTo(expected.sum() / (5 * 2.5 + 2 * 1.5 + 2 * 4), within(1e-5));
        assertThat(figures.get("tokens")).isEqualTo(9);
    }

    @Test
    void tokensThatAreTheFirstChoiceAreCounted() {
        int[] ids = {1, 5, 9, 4, 7, 2};
        HostBatch plain = HostBatch.padded(List.of(example(ids, ids, 1)), 0, 1);
        int[] labels = ids.clone();
        try (Scope scope = bench.tensors().scope()) {
            long[] choices = forward(plain.toBatch(bench.tensors()).input())
                    .logits()
                    .argMax(-1)
                    .longs();
            labels[2] = (int) choices[1];
            labels[4] = (int) choices[3];
            labels[1] = (int) (choices[0] + 1) % VOCABULARY;
            labels[3] = -100;
            labels[5] = -100;
        }

        assertThat(figures(objective.evaluator(), HostBatch.padded(List.of(example(ids, labels, 1)), 0, 1))
                        .get("token_accuracy"))
                .isEqualTo(2.0 / 3);
    }

    @Test
    void piecesOfTheLengthGiveTheSameFigures() {
        HostBatch batch = HostBatch.padded(List.of(LONG, ANSWER, OTHER), 0, 1);

        Map<String, Double> inOnePiece = figures(new CausalLmEvaluator(CausalLmEvaluator.LOGITS), batch);
        Map<String, Double> tokenByToken = figures(new CausalLmEvaluator(1), batch);
        Map<String, Double> inPairs = figures(new CausalLmEvaluator(2L * 3 * VOCABULARY), batch);

        assertThat(tokenByToken.get("loss")).isCloseTo(inOnePiece.get("loss"), within(1e-6));
        assertThat(inPairs.get("loss")).isCloseTo(inOnePiece.get("loss"), within(1e-6));
        assertThat(tokenByToken.get("token_accuracy")).isEqualTo(inOnePiece.get("token_accuracy"));
        assertThat(tokenByToken.get("tokens")).isEqualTo(9);
        assertThat(inPairs.get("tokens")).isEqualTo(9);
    }

    @Test
    void behindVirtualTokensTheFirstLabelIsPredictedToo() {
        try (Scope scope = bench.tensors().scope()) {
            Batch batch = HostBatch.padded(List.of(LONG), 0, 1).toBatch(bench.tensors());
            Tensor wider = forward(HostBatch.padded(List.of(example(new int[] {3, 4, 1, 5, 9, 4, 7, 2}, null, 0)), 0, 1)
                            .toBatch(bench.tensors())
                            .input())
                    .logits();
            Runner virtual = mock(Runner.class);
            when(virtual.tensors()).thenReturn(bench.tensors());
            when(virtual.model()).thenReturn(model.description());
            when(virtual.forward(any())).thenReturn(Output.headed(null, wider, UnaryOperator.identity()));
            Evaluator evaluator = objective.evaluator();

            evaluator.add(virtual, batch);

            Predictions expected = Predictions.of(wider.floats(), batch.labels().longs(), 1);
            assertThat(evaluator.figures().get("tokens")).isEqualTo(6);
            assertThat(evaluator.figures().get("loss")).isCloseTo(expected.sum() / 6, within(1e-5));
        }
    }

    @Test
    void lossPerCharacterNeedsTheCharactersOfEveryExample() {
        Example uncounted = Example.of(Sequence.of(new int[] {1, 3, 3}, new int[] {1, 3, 3}));

        assertThat(figures(objective.evaluator(), HostBatch.padded(List.of(LONG, uncounted, LONG), 0, 1)))
                .doesNotContainKey("loss_per_character")
                .containsEntry("tokens", 12.0);
    }
}
