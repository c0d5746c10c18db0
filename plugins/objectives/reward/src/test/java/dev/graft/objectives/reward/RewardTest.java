package dev.graft.objectives.reward;

import static dev.graft.kernel.testing.PreferenceRecords.messages;
import static dev.graft.kernel.testing.PreferenceRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.kernel.testing.ObjectiveChecks;
import dev.graft.kernel.testing.PreferenceRecords;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RewardTest {
    private static final List<Example> EXAMPLES = List.of(
            pair(0.5, new int[] {1, 5, 9, 7, 2}, new int[] {1, 5, 9, 8}),
            pair(0, new int[] {1, 2}, new int[] {1, 30, 6, 6, 21, 7}),
            pair(2, new int[] {1, 12, 2}, new int[] {1, 12, 9}));

    @TempDir
    private Path directory;

    private static Example pair(double margin, int[] chosen, int[] rejected) {
        return new Example(List.of(Sequence.of(chosen, null), Sequence.of(rejected, null)), Map.of("margin", margin));
    }

    static Stream<SmallModel> models() {
        return Stream.of(SmallModel.llama(), SmallModel.gpt2(), SmallModel.bertMasked());
    }

    /** A base without a classification head, which gets one of a single output. */
    private LoadedModel load(Bench bench, SmallModel small) {
        return bench.load(
                small.write(bench, directory), new ModelLoader.Options(DType.FLOAT64, Task.SEQ_CLS, 1, false, 3));
    }

    private static ObjectiveChecks checks(Bench bench, LoadedModel model) {
        Map<String, Object> lora = Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");
        return new ObjectiveChecks(bench, model, ObjectiveChecks.attach(bench, model, "lora", lora));
    }

    private static double[] rewards(Bench bench, ObjectiveChecks checks, Example example) {
        try (Scope scope = bench.tensors().scope()) {
            HostBatch batch = HostBatch.padded(List.of(example), 0, 1);
            var rewards = Reward.rewards(checks.runner(), batch.toBatch(bench.tensors()));
            return new double[] {
                rewards.slice(1, 0, 1).item(), rewards.slice(1, 1, 2).item()
            };
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theLossIsThatOfBradleyAndTerryWithMarginAndCentring(SmallModel small) {
        try (Bench bench = new Bench();
                LoadedModel model = load(bench, small)) {
            ObjectiveChecks checks = checks(bench, model);
            Objective objective = ObjectiveChecks.objective(bench, "reward", Map.of("center_rewards_coefficient", 0.2));
            for (Example example : EXAMPLES) {
                double[] rewards = rewards(bench, checks, example);
                double lead = rewards[0] - rewards[1] - example.values().get("margin");
                double expected = Math.log1p(Math.exp(-lead)) + 0.2 * Math.pow(rewards[0] + rewards[1], 2);

                assertThat(checks.sum(objective, HostBatch.padded(List.of(example), 0, 1)))
                        .isCloseTo(expected, within(1e-10));
            }
            checks.adapter().release();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsEqualDifferencesAndBatchMatesChangeNothing(SmallModel small) {
        try (Bench bench = new Bench();
                LoadedModel model = load(bench, small)) {
            ObjectiveChecks checks = checks(bench, model);
            Objective objective = ObjectiveChecks.objective(bench, "reward", Map.of("center_rewards_coefficient", 0.2));

            checks.gradientAgreesWithDifferences(objective, HostBatch.padded(EXAMPLES, 0, 1));
            checks.batchMatesAndPaddingChangeNoLoss(objective, EXAMPLES, 1e-10);
            checks.adapter().release();
        }
    }

    @Test
    void figuresAreThoseOfThePairs() {
        try (Bench bench = new Bench();
                LoadedModel model = load(bench, SmallModel.llama())) {
            ObjectiveChecks checks = checks(bench, model);
            Objective objective = ObjectiveChecks.objective(bench, "reward", Map.of());
            double lead = 0;
            int right = 0;
            Evaluator evaluator = objective.evaluator();
            for (Example example : EXAMPLES) {
                double[] rewards = rewards(bench, checks, example);
                lead += rewards[0] - rewards[1];
                right += rewards[0] > rewards[1] ? 1 : 0;
                try (Scope scope = bench.tensors().scope()) {
                    evaluator.add(
                            checks.runner(),
                            HostBatch.padded(List.of(example), 0, 1).toBatch(bench.tensors()));
                }
            }
            Map<String, Double> figures = evaluator.figures();

            assertThat(figures)
                    .containsOnlyKeys("loss", "accuracy", "margin", "mean_reward", "min_reward", "max_reward", "pairs");
            assertThat(figures.get("accuracy")).isEqualTo(right / 3.0);
            assertThat(figures.get("margin")).isCloseTo(lead / 3, within(1e-5));
            assertThat(figures.get("loss"))
                    .isCloseTo(checks.sum(objective, HostBatch.padded(EXAMPLES, 0, 1)) / 3, within(1e-6));
            checks.adapter().release();
        }
    }

    private static Optional<Example> encode(int most, DataRecord record) {
        return new Reward(new RewardConfig(0, "margin", null, PromptFormat.Chat.AUTO, true))
                .encode(record, PreferenceRecords.context(CharacterTokenizer.plain(), most));
    }

    @Test
    void bothAnswersAreReadWithTheirPromptAndTheirMargin() {
        Example example = encode(100, record("prompt", "ab", "chosen", "cd", "rejected", "e", "margin", 1.5))
                .orElseThrow();

        assertThat(example.sequences())
                .extracting(sequence -> CharacterTokenizer.plain().decode(sequence.ids(), false))
                .containsExactly("^ab\ncd$", "^ab\ne$");
        assertThat(example.values()).containsExactly(Map.entry("margin", 1.5));
    }

    @Test
    void whatPrefersNothingIsSkippedAndWhatIsWrongIsOneSentence() {
        assertThat(encode(100, record("prompt", "a", "chosen", "b", "rejected", "b")))
                .isEmpty();
        assertThat(encode(100, record("prompt", "a", "chosen", "b", "rejected", "")))
                .isEmpty();
        assertThat(encode(4, record("prompt", "a ", "chosen", "bc", "rejected", "bd")))
                .isEmpty();
        assertThatThrownBy(() -> encode(100, record("prompt", "a", "chosen", "b")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("data.jsonl:3: column 'rejected' is missing");
        assertThatThrownBy(() -> encode(100, record("chosen", "b", "rejected", "c", "margin", "wide")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'margin' holds wide where a number is expected");
        assertThatThrownBy(
                        () -> encode(100, record("chosen", messages("user", "b"), "rejected", messages("user", "c"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the tokenizer has no chat template");
    }
}
