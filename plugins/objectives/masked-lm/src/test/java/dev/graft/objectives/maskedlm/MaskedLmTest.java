package dev.graft.objectives.maskedlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.BatchLayout;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.kernel.testing.ObjectiveChecks;
import dev.graft.kernel.testing.PreferenceRecords;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedLmTest {
    private static final List<Example> EXAMPLES = List.of(
            example(new int[] {2, 11, 4, 13, 3}, new int[] {-100, -100, 12, -100, -100}),
            example(new int[] {2, 4, 20, 4, 9, 9, 30, 3}, new int[] {-100, 5, 20, 6, -100, -100, -100, -100}),
            example(new int[] {2, 7, 3}, new int[] {-100, 8, -100}));
    private static final Map<String, Object> LORA =
            Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");

    @TempDir
    private Path directory;

    private static Example example(int[] ids, int[] labels) {
        return Example.of(Sequence.of(ids, labels));
    }

    @Test
    void gradientsEqualDifferencesAndBatchMatesChangeNothing() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertMasked().loadDouble(bench, directory)) {
            ObjectiveChecks checks =
                    new ObjectiveChecks(bench, model, ObjectiveChecks.attach(bench, model, "lora", LORA));
            Objective objective = ObjectiveChecks.objective(bench, "masked-lm", Map.of());

            checks.gradientAgreesWithDifferences(objective, HostBatch.padded(EXAMPLES, 0, 1));
            checks.batchMatesAndPaddingChangeNoLoss(objective, EXAMPLES, 1e-10);
            double apart = checks.sum(objective, HostBatch.padded(EXAMPLES, 0, 1));
            assertThat(checks.sum(objective, HostBatch.packed(List.of(EXAMPLES), 0, 1)))
                    .as("packed")
                    .isCloseTo(apart, within(1e-10));
            checks.adapter().release();
        }
    }

    @Test
    void figuresAreOverPredictedTokensAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertMasked().loadDouble(bench, directory)) {
            ObjectiveChecks checks = new ObjectiveChecks(bench, model, null);
            Objective objective = ObjectiveChecks.objective(bench, "masked-lm", Map.of());
            Evaluator evaluator = objective.evaluator();
            double sum = 0;
            for (List<Example> part : List.of(EXAMPLES.subList(0, 2), EXAMPLES.subList(2, 3))) {
                sum += checks.sum(objective, HostBatch.padded(part, 0, 1));
                try (Scope scope = bench.tensors().scope()) {
                    evaluator.add(checks.runner(), HostBatch.padded(part, 0, 4).toBatch(bench.tensors()));
                }
            }
            Map<String, Double> figures = evaluator.figures();

            assertThat(figures.get("tokens")).isEqualTo(5);
            assertThat(figures.get("loss")).isCloseTo(sum / 5, within(1e-6));
            assertThat(figures.get("perplexity")).isCloseTo(Math.exp(figures.get("loss")), within(1e-9));
            assertThat(figures.get("accuracy")).isBetween(0.0, 1.0);
        }
    }

    /** A tokenizer whose letters are tokens, with {@code *} to mask. */
    private static Draw draw(Objective objective) {
        return Draw.of(
                objective, PreferenceRecords.context(CharacterTokenizer.plain().masking('*'), 100));
    }

    private static List<Example> encoded(Objective objective, String... texts) {
        List<Example> examples = new ArrayList<>();
        for (String text : texts) {
            examples.add(objective
                    .encode(
                            PreferenceRecords.record("text", text),
                            PreferenceRecords.context(CharacterTokenizer.plain().masking('*'), 100))
                    .orElseThrow());
        }
        return examples;
    }

    @Test
    void everyEpochMasksAnewAndEvaluationMasksAlike() {
        Objective objective = new MaskedLm(new MaskedLmConfig(0.3, 0.8, 0.1, false, "text"));
        List<Example> examples = encoded(objective, "the first text", "and another one", "a third, longer than these");
        Draw draw = draw(objective);
        BatchStream stream = new BatchStream(examples, new BatchLayout(3, false, 64, 0, 1), false, 5, draw);
        long[] first = stream.next().ids();
        long[] second = stream.next().ids();
        BatchStream moved = new BatchStream(examples, new BatchLayout(3, false, 64, 0, 1), false, 5, draw);
        moved.moveTo(1, 0);

        assertThat(second).isNotEqualTo(first);
        assertThat(moved.next().ids()).as("resumed").isEqualTo(second);
        assertThat(BatchStream.once(examples, 3, 0, draw, 5).get(0).ids())
                .isEqualTo(BatchStream.once(examples, 3, 0, draw, 5).get(0).ids());
        assertThat(BatchStream.once(examples, 1, 0, draw, 5).get(2).ids())
                .as("whoever shares the batch")
                .containsExactly(ids(BatchStream.once(examples, 3, 0, draw, 5).get(0), 2));
    }

    private static long[] ids(HostBatch batch, int row) {
        int length = batch.examples().get(row).sequences().get(0).length();
        return Arrays.copyOfRange(batch.ids(), row * batch.length(), row * batch.length() + length);
    }

    @Test
    void specialTokensAndEmptyTextsTeachNothing() {
        Objective objective = new MaskedLm(new MaskedLmConfig(1, 1, 0, false, "text"));
        Example drawn = draw(objective).draw(encoded(objective, "ab").get(0), RandomStream.seeded(1));

        assertThat(CharacterTokenizer.plain().decode(drawn.sequences().get(0).ids(), false))
                .isEqualTo("^**");
        assertThat(objective.encode(
                        PreferenceRecords.record("text", ""),
                        PreferenceRecords.context(CharacterTokenizer.plain().masking('*'), 100)))
                .isEmpty();
    }

    @Test
    void whatIsTooLongLosesContentButNoSpecialTokens() {
        Tokenizer tokenizer = mock(Tokenizer.class);
        when(tokenizer.special("mask_token")).thenReturn(Optional.of(9));
        when(tokenizer.encode("abcd", true))
                .thenReturn(new Encoding(
                        new int[] {2, 11, 12, 13, 14, 3}, new int[] {0, 0, 1, 2, 3, 4}, new int[] {0, 1, 2, 3, 4, 4}));
        Sequence cut = new MaskedLm(new MaskedLmConfig(0.15, 0.8, 0.1, false, "text"))
                .encode(PreferenceRecords.record("text", "abcd"), PreferenceRecords.context(tokenizer, 4))
                .orElseThrow()
                .sequences()
                .get(0);

        assertThat(cut.ids()).containsExactly(2, 11, 12, 3);
        assertThat(cut.labels()).containsExactly(-100, 11, 12, -100);
    }

    @Test
    void aTokenizerThatCannotMaskIsOneSentence() {
        Objective objective = new MaskedLm(new MaskedLmConfig(0.15, 0.8, 0.1, false, "text"));

        assertThatThrownBy(() -> objective.encode(
                        PreferenceRecords.record("text", "ab"),
                        PreferenceRecords.context(CharacterTokenizer.plain(), 100)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("masked-lm needs a tokenizer with a mask_token; that of the base model has none");
    }
}
