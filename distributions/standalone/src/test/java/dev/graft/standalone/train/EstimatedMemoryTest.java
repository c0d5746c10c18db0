package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.Estimate;
import dev.graft.kernel.train.Estimator;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.command.Defaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an estimate says is what a run then holds. */
class EstimatedMemoryTest {
    private static final Path STARTER = Path.of("../../examples").toAbsolutePath();

    @TempDir
    private Path directory;

    private final WatchedEngine engine = new WatchedEngine();
    private final PluginRegistry plugins = plugins();

    private PluginRegistry plugins() {
        PluginRegistry registry = SmallRun.plugins();
        registry.add(Plugin.of(PluginKind.ENGINE, engine, "a test"));
        return registry;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{id: lora, r: 4, lora_dropout: 0.1, target_modules: all-linear}",
                "{id: ia3}",
                "{id: adapter}",
                "{id: bitfit, inject: linear_and_norms}",
                "{id: prefix, num_virtual_tokens: 8}",
                "{id: p-tuning-v2}",
                "{id: prompt, num_virtual_tokens: 8}",
                "{id: p-tuning, num_virtual_tokens: 8}",
                "{id: ppt, num_virtual_tokens: 8}",
                "{id: sparse}",
                "{id: diff-pruning}",
                "{id: full}",
                "[{id: lora, target_modules: [q_proj]}, {id: prefix}]"
            })
    void everyMethodHoldsWhatWasEstimated(String method) {
        agrees("causal-lm", "method=" + method);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.dtype=bfloat16",
                "data.gradient_accumulation=3",
                "data.packing=true",
                "training.gradient_checkpointing=true",
                "optimizer=sgd"
            })
    void everySettingHoldsWhatWasEstimated(String change) {
        agrees("causal-lm", "method={id: lora, target_modules: all-linear}", change);
        agrees("causal-lm", "method=full", change);
    }

    @Test
    void aClassifierHoldsWhatWasEstimated() {
        agrees(
                "classification",
                "method={id: lora, r: 4}",
                "data.train=" + STARTER.resolve("data/feelings/train.jsonl"),
                "data.limit=40");
    }

    private void agrees(String objective, String... changes) {
        Recipe recipe = new RecipeReader(plugins, Defaults.SECTIONS, directory)
                .read(
                        """
                        model: %s
                        objective: %s
                        method: full
                        schedule: {learning_rate: 1e-4}
                        data: {train: %s, max_length: 48, batch_size: 4, limit: 24, shuffle: false}
                        training: {steps: 6, evaluate_first: false}
                        engine: {id: watched, threads: 1}
                        output: %s
                        overwrite: true
                        """.formatted(
                                        STARTER.resolve("starter/model"),
                                        objective,
                                        STARTER.resolve("data/commands/train.jsonl"),
                                        directory.resolve("run")),
                        directory,
                        List.of(changes));

        Estimate estimate = new Estimator(plugins, DownloadListener.SILENT).estimate(recipe);
        TrainingEvent.Started started =
                (TrainingEvent.Started) Objects.requireNonNull(new Trainer(plugins, DownloadListener.SILENT)
                                .train(recipe)
                                .collectList()
                                .block())
                        .get(0);

        assertThat(estimate.trainable()).isEqualTo(started.trainableParameters());
        assertThat(estimate.all()).isEqualTo(started.allParameters());
        assertThat(estimate.memory().arrays()).isCloseTo(engine.peakBytes(), withinPercentage(15));
    }
}
