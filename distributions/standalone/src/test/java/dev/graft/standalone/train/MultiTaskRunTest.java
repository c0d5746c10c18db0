package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.train.Estimate;
import dev.graft.kernel.train.Estimator;
import dev.graft.kernel.train.RunEvaluation;
import dev.graft.spi.config.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiTaskRunTest {
    @TempDir
    private Path directory;

    private SmallRun run;

    @BeforeEach
    void prepare() {
        run = SmallRun.in(directory);
    }

    private Recording train(String output, String... changes) {
        return Recording.of(SmallRun.trainer().train(run.recipe(output, changes)));
    }

    private static Map<String, Double> figures(List<Object> event, int place) {
        Map<String, Double> figures = new LinkedHashMap<>();
        ((Map<?, ?>) event.get(place)).forEach((name, figure) -> figures.put((String) name, (Double) figure));
        return figures;
    }

    /** The tasks whose losses a step reports. */
    private static Set<String> learnt(List<Object> step) {
        return figures(step, 5).keySet().stream()
                .filter(name -> name.endsWith("/loss"))
                .map(name -> name.substring(0, name.indexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aStepChangesTheAdaptersOfItsTaskAndNoOther() {
        Recording whole = train("whole", SmallRun.tasks("training.save_every=1", "training.keep=1000"));
        Map<String, String> owners = Map.of("talk-own", "talk", "kinds-own", "kinds", "deeds-own", "deeds");
        Map<String, ByteBuffer> before = parameters(1);

        assertThat(whole.steps()).hasSize(2 * (6 + 5 + 4));
        for (long step = 2; step <= whole.steps().size(); step++) {
            Map<String, ByteBuffer> after = parameters(step);
            Set<String> learnt = learnt(whole.steps().get(step));
            assertThat(learnt).hasSize(1);
            for (String name : after.keySet()) {
                String owner = owners.get(name.substring(0, name.indexOf('/')));
                boolean moves = owner == null || learnt.contains(owner);
                assertThat(after.get(name).equals(before.get(name)))
                        .as("%s stands still in step %d of %s", name, step, learnt)
                        .isEqualTo(!moves);
            }
            before = after;
        }
    }

    private Map<String, ByteBuffer> parameters(long step) {
        Path file = run.output("whole").resolve("checkpoints/step-%08d/parameters.safetensors".formatted(step));
        Map<String, ByteBuffer> copies = new LinkedHashMap<>();
        try (SafetensorsFile parameters = SafetensorsFile.open(file)) {
            parameters.contents().forEach((name, data) -> copies.put(name, data.gather()));
        }
        return copies;
    }

    @Test
    void everyTaskLearnsAndIsReported() {
        Recording whole = train(
                "whole",
                SmallRun.tasks("training.epochs=12", "mixing={gradient_accumulation: 3}", "tasks[1].weight=3"));
        Map<String, Double> first = figures(whole.evaluations().get(0L), 0);
        long end = whole.evaluations().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        Map<String, Double> last = figures(whole.evaluations().get(end), 0);

        assertThat(first.keySet()).contains("loss", "talk/loss", "talk/perplexity", "kinds/loss", "kinds/accuracy");
        assertThat(last.get("talk/loss")).isLessThan(first.get("talk/loss") - 0.1);
        assertThat(last.get("kinds/loss")).isLessThan(first.get("kinds/loss"));
        assertThat(last.get("loss")).isCloseTo((last.get("talk/loss") + 3 * last.get("kinds/loss")) / 4, within(1e-12));
    }

    @Test
    void whatWasLearntIsEvaluatedAsAtTheEndOfTraining() {
        Recording whole = train("whole", SmallRun.tasks());
        long end = whole.evaluations().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        RunEvaluation evaluation = new RunEvaluation(SmallRun.plugins(), DownloadListener.SILENT);
        Path adapter = run.output("whole").resolve("adapter");

        RunEvaluation.Result trained =
                evaluation.figures(run.recipe("whole", SmallRun.tasks()), adapter, (done, total) -> {});
        RunEvaluation.Result bare =
                evaluation.figures(run.recipe("whole", SmallRun.tasks()), null, (done, total) -> {});

        assertThat(trained.figures()).isEqualTo(figures(whole.evaluations().get(end), 0));
        assertThat(trained.examples()).isEqualTo(6);
        assertThat(bare.figures()).isEqualTo(figures(whole.evaluations().get(0L), 0));
    }

    @Test
    void aSharedAdapterIsOneThatStandsAloneWithoutHeads() {
        train("whole", SmallRun.tasks());
        Path adapter = run.output("whole").resolve("adapter");

        try (SafetensorsFile lora = SafetensorsFile.open(adapter.resolve("lora/adapter_model.safetensors"))) {
            assertThat(lora.contents().keySet())
                    .hasSize(2 * 2 * 3)
                    .allMatch(name -> name.startsWith("base_model.model.transformer.h."));
        }
        assertThat(adapter.resolve("kinds-own")).isDirectory();
        String lora = adapter.resolve("lora").toString();
        Recording alone = train("alone", "method={adapter: " + lora + "}");
        assertThat(alone.finished().steps()).isPositive();
        assertThatThrownBy(() -> train("mixed", "method={adapter: " + adapter + "}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(adapter + " holds what a run learnt for several tasks; name one of its folders:"
                        + " lora (talk, kinds, deeds), kinds-own (kinds), deeds-own (deeds), talk-own (talk)");
    }

    @Test
    void allTasksRunOnOneCopyOfTheBase() {
        Estimate one = estimate("method={id: lora, r: 4, target_modules: [c_attn, c_fc]}");
        Estimate three = estimate(SmallRun.tasks());

        long heads = 4L * 32 * (3 + 4);
        assertThat(three.memory().weights() - one.memory().weights()).isEqualTo(heads);
        assertThat(three.methods()).hasSize(4);
        assertThat(three.trainable())
                .isEqualTo(three.methods().stream()
                        .mapToLong(Estimate.MethodShare::trainable)
                        .sum());
    }

    private Estimate estimate(String... changes) {
        return new Estimator(SmallRun.plugins(), DownloadListener.SILENT).estimate(run.recipe("none", changes));
    }

    @Test
    void uncertaintyIsReportedAndLearnt() {
        Recording whole = train("whole", SmallRun.tasks("mixing={weighting: uncertainty}"));

        Map<String, Double> first = figures(whole.steps().get(1L), 5);
        Map<String, Double> last =
                figures(whole.steps().get((long) whole.steps().size()), 5);
        assertThat(first).containsKeys("talk/log_variance", "kinds/log_variance", "deeds/log_variance");
        assertThat(last.get("talk/log_variance")).isGreaterThan(first.get("talk/log_variance"));
        assertThat(run.output("whole").resolve("adapter/task-weights")).doesNotExist();
    }

    @Test
    void temperatureGivesSmallTasksMoreBatches() {
        Map<String, Long> equal = batches("equal", "mixing={sampling: equal}");
        Map<String, Long> bySize = batches("by-size", "mixing={sampling: proportional}");

        assertThat(equal).containsOnly(Map.entry("talk", 10L), Map.entry("kinds", 10L), Map.entry("deeds", 10L));
        assertThat(bySize).containsOnly(Map.entry("talk", 12L), Map.entry("kinds", 10L), Map.entry("deeds", 8L));
    }

    private Map<String, Long> batches(String output, String mixing) {
        return train(output, SmallRun.tasks(mixing)).steps().values().stream()
                .flatMap(step -> learnt(step).stream())
                .collect(Collectors.groupingBy(task -> task, Collectors.counting()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{id: sparse, mask: fisher, density: 0.05, fisher_examples: 5}",
                "{id: prefix, num_virtual_tokens: 2}",
                "{id: adapter, reduction_factor: 8}",
                "{id: bitfit}"
            })
    void anyKindOfMethodMayBeShared(String method) {
        String own = "{id: lora, r: 2, target_modules: [c_proj], tasks: [kinds]}, {id: ia3, target_modules: [c_attn],"
                + " feedforward_modules: [], tasks: [deeds]}";
        Recording whole = train("whole", SmallRun.tasks("method=[" + method + ", " + own + "]"));
        long end = whole.evaluations().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
        RunEvaluation evaluation = new RunEvaluation(SmallRun.plugins(), DownloadListener.SILENT);

        RunEvaluation.Result trained = evaluation.figures(
                new RecipeReader(SmallRun.plugins(), Map.of(), directory)
                        .read(run.output("whole").resolve("recipe.yaml"), List.of()),
                whole.finished().adapter(),
                (done, total) -> {});

        assertThat(trained.figures()).isEqualTo(figures(whole.evaluations().get(end), 0));
        assertThat(trained.figures()).isNotEqualTo(figures(whole.evaluations().get(0L), 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method={id: lora, target_modules: [c_attn]} | task 'kinds': its head 'score' begins at random and nothing trains it, since methods that tasks share leave heads alone; add a method with tasks: [kinds] that trains the module score",
                "tasks[0].objective=ppo | task 'talk': objective 'ppo' learns from what the model itself answers, which it can only do in a run of its own",
                "tasks[1].data.packing=true | data.packing is true but the objective needs a row for every example; packing must be false"
            })
    void whatCannotBeMixedIsRefusedInOneSentence(String change, String sentence) {
        assertThatThrownBy(() -> train("refused", SmallRun.tasks(change)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(sentence);
        assertThat(Files.exists(run.output("refused"))).isFalse();
    }
}
