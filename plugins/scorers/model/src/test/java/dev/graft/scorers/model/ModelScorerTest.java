package dev.graft.scorers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelJudges;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Task;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelScorerTest {
    private static final Map<String, Object> LORA =
            Map.of("r", 2, "init_lora_weights", false, "target_modules", "all-linear");
    private static final Tokenizer TOKENIZER = CharacterTokenizer.plain();

    @TempDir
    private Path directory;

    private Path base;

    @BeforeEach
    void writeModel() {
        base = directory.resolve("base");
        try (Bench bench = new Bench()) {
            SmallModel.llama().write(bench, base);
        }
    }

    private static Answer answer(int... ids) {
        return new Answer("", "", ids, 1, Map.of());
    }

    private static <C extends Record> AttachedAdapter attach(LoadedModel model, MethodProvider<C> provider) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting("reward", RandomStream.seeded(4), DType.FLOAT32, TOKENIZER, null, "");
        return AdapterBuilder.attach(
                model, provider, ConfigurationBinder.bind(provider.configuration(), LORA, "method"), setting);
    }

    /** Trains nothing: an adapter with a random head, saved, and what it says of rows on a model of its own. */
    private double[] saveReward(Bench bench, Path target, Task task, List<int[]> rows) {
        ModelLoader.Options options = new ModelLoader.Options(null, task, 1, false, 3);
        try (LoadedModel model = bench.load(base, options)) {
            AttachedAdapter adapter = attach(model, bench.registry().method("lora"));
            new AdapterLoader(bench.registry()).save(target, base.toString(), model, List.of(adapter));
            double[] scores = rows.stream()
                    .mapToDouble(row -> {
                        try (Scope scope = bench.tensors().scope()) {
                            long[] ids = Arrays.stream(row).asLongStream().toArray();
                            Input input = Input.of(bench.tensors().of(ids, Shape.of(1, ids.length)), null);
                            return model.forward(input, RowAssignment.all(List.of(adapter)), PassOptions.inference())
                                    .logits()
                                    .floats()[0];
                        }
                    })
                    .toArray();
            adapter.release();
            return scores;
        }
    }

    private static Scorer scorer(Bench bench, LoadedModel model, Path base, Map<String, Object> keys) {
        return new ModelScorerProvider()
                .create(
                        ConfigurationBinder.bind(ModelScorerConfig.class, keys, "scorer"),
                        new ModelJudges(bench.registry(), model, base, TOKENIZER));
    }

    @Test
    void aRewardAdapterOnTheRunsOwnBaseScoresAsOnAModelOfItsOwn() {
        List<int[]> rows = List.of(new int[] {1, 5, 9, 2}, new int[] {1, 7}, new int[] {1, 4, 4, 8, 15, 16, 23, 2});
        Path reward = directory.resolve("reward");
        try (Bench bench = new Bench()) {
            double[] expected = saveReward(bench, reward, Task.SEQ_CLS, rows);
            try (LoadedModel policy = bench.load(base)) {
                long before = bench.engine().liveBytes();
                try (Scorer scorer = scorer(bench, policy, base, Map.of("adapter", reward.toString()))) {
                    double[] scores = scorer.score(
                            rows.stream().map(ModelScorerTest::answer).toList());

                    assertThat(scores).containsExactly(expected, within(1e-5));
                    assertThat(bench.engine().liveBytes() - before)
                            .as("only the adapter and its head take memory")
                            .isLessThan(policy.weights().elements() * Float.BYTES / 2);
                }
            }
        }
    }

    @Test
    void closingTwiceFreesOnce() {
        Path reward = directory.resolve("reward");
        try (Bench bench = new Bench()) {
            saveReward(bench, reward, Task.SEQ_CLS, List.of());
            try (LoadedModel policy = bench.load(base)) {
                Scorer scorer = scorer(bench, policy, base, Map.of("adapter", reward.toString()));
                scorer.close();
                long before = bench.engine().liveArrays();

                scorer.close();

                assertThat(bench.engine().liveArrays()).isEqualTo(before);
            }
        }
    }

    @Test
    void anAdapterWithoutAHeadIsRefused() {
        Path adapter = directory.resolve("language");
        try (Bench bench = new Bench()) {
            saveReward(bench, adapter, Task.CAUSAL_LM, List.of());
            try (LoadedModel policy = bench.load(base)) {
                assertThatThrownBy(() -> scorer(bench, policy, base, Map.of("adapter", adapter.toString())))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("brings no values for score, so that its scores would be random");
            }
        }
    }

    /** The tests' own bench fails if anything of what was refused stays in memory. */
    @Test
    void aCheckpointWithoutItsHeadIsRefusedAndFreed() throws IOException {
        Path headless = directory.resolve("headless");
        Path starter = Path.of("../../../examples/starter/model");
        try (Bench bench = new Bench()) {
            SmallModel.llama().write(bench, headless);
        }
        Path config = headless.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("LlamaForCausalLM", "LlamaForSequenceClassification"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(starter.resolve(file), headless.resolve(file));
        }
        try (Bench bench = new Bench();
                LoadedModel policy = bench.load(base)) {
            assertThatThrownBy(() -> scorer(bench, policy, base, Map.of("model", headless.toString())))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("headless brings no values for score, so that its scores would be random");
        }
    }

    @Test
    void aModelThatWritesTextIsNoJudge() {
        try (Bench bench = new Bench();
                LoadedModel policy = bench.load(base)) {
            assertThatThrownBy(() -> scorer(bench, policy, base, Map.of("model", base.toString())))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("LlamaForCausalLM has no head per sequence");
        }
    }

    @Test
    void severalOutputsNeedALabel() {
        Path reward = directory.resolve("reward");
        try (Bench bench = new Bench()) {
            saveReward(bench, reward, Task.SEQ_CLS, List.of());
            try (LoadedModel policy = bench.load(base)) {
                assertThatThrownBy(() ->
                                scorer(bench, policy, base, Map.of("adapter", reward.toString(), "label", "good")))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage("label of scorer 'model' is 'good', but its model has outputs 0 to 0");
            }
        }
    }

    @Test
    void oneModelIsNamed() {
        assertThatThrownBy(() -> ConfigurationBinder.bind(ModelScorerConfig.class, Map.of(), "scorer"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("names neither adapter nor model");
        assertThatThrownBy(() -> ConfigurationBinder.bind(
                        ModelScorerConfig.class, Map.of("adapter", "a", "reads", "answer"), "scorer"))
                .hasMessageContaining("reads is for model");
    }
}
