package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.Evaluation;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the torch engine holds after a step, an evaluation or a request is what it held before. */
class MemoryTest {
    private static final PluginRegistry PLUGINS = SmallRun.plugins();

    @TempDir
    private Path directory;

    /** An open model with an adapter on it. */
    private record Bench(Engine engine, LoadedModel model, AttachedAdapter adapter, Objective objective)
            implements AutoCloseable {
        static Bench open(Path directory) {
            SmallRun run = SmallRun.in(directory);
            PluginInstances plugins = new PluginInstances(PLUGINS);
            Engine engine = plugins.engine(new PluginSection("torch", Map.of("threads", 1)));
            LoadedModel model = new ModelLoader(PLUGINS, new GraftTensors(engine))
                    .load(
                            run.directory().resolve("model"),
                            new ModelLoader.Options(DType.FLOAT32, Task.CAUSAL_LM, 0, true, 3));
            Objective objective = plugins.objective(new PluginSection("causal-lm", Map.of()));
            return new Bench(engine, model, attach(model, PLUGINS.method("lora")), objective);
        }

        private static <C extends Record> AttachedAdapter attach(LoadedModel model, MethodProvider<C> lora) {
            Map<String, Object> options =
                    Map.of("r", 2, "lora_dropout", 0.1, "target_modules", List.of("c_attn", "c_fc"));
            C configuration = ConfigurationBinder.bind(lora.configuration(), options, "method");
            return AdapterBuilder.attach(model, lora, configuration, AdapterBuilder.Setting.fresh("small", 1));
        }

        /** Closes everything; nothing may be left. */
        @Override
        public void close() {
            adapter.release();
            model.close();
            long left = engine.liveArrays();
            engine.close();
            assertThat(left).isZero();
        }
    }

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] ids = new int[3 + i % 5];
            for (int token = 0; token < ids.length; token++) {
                ids[token] = 5 + (7 * i + 3 * token) % 40;
            }
            examples.add(Example.of(Sequence.of(ids, ids.clone())));
        }
        return examples;
    }

    @Test
    void aThousandStepsHoldNoMoreThanTheFirstOnes() {
        try (Bench bench = Bench.open(directory);
                Optimizer optimizer = new PluginInstances(PLUGINS).optimizer(new PluginSection("adamw", Map.of()))) {
            OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                    bench.model(),
                    new TrainedParameters(List.of(bench.adapter())),
                    bench.objective(),
                    optimizer,
                    1,
                    false));
            BatchStream batches = new BatchStream(examples(), 2, true, 1, false, 16, 1);
            RandomStream random = RandomStream.seeded(2);
            long arrays = 0;
            long bytes = 0;
            for (int i = 0; i < 1000; i++) {
                step.take(List.of(batches.next()::toBatch), layer -> 1e-3, new Progress(i, 1000, 0, 1), random);
                if (i == 2) {
                    arrays = bench.engine().liveArrays();
                    bytes = bench.engine().liveBytes();
                } else if (i > 2) {
                    assertThat(bench.engine().liveArrays()).as("step %d", i).isEqualTo(arrays);
                    assertThat(bench.engine().liveBytes()).as("step %d", i).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void anEvaluationAndARequestGiveEverythingBack() {
        try (Bench bench = Bench.open(directory)) {
            List<HostBatch> batches = BatchStream.once(examples(), 4, 1);
            Generator generator = new Generator(bench.model(), null);
            List<GenerationRequest> requests = List.of(
                    new GenerationRequest(new int[] {5, 6, 7}, List.of(bench.adapter()), SamplingOptions.greedy(4)),
                    new GenerationRequest(new int[] {9}, List.of(), SamplingOptions.greedy(70)));
            use(bench, batches, generator, requests);
            long arrays = bench.engine().liveArrays();
            long bytes = bench.engine().liveBytes();

            for (int i = 0; i < 3; i++) {
                use(bench, batches, generator, requests);

                assertThat(bench.engine().liveArrays()).isEqualTo(arrays);
                assertThat(bench.engine().liveBytes()).isEqualTo(bytes);
            }
        }
    }

    private static void use(
            Bench bench, List<HostBatch> batches, Generator generator, List<GenerationRequest> requests) {
        Map<String, Double> figures = Evaluation.run(
                bench.model(), List.of(bench.adapter()), bench.objective(), batches, List.of(), done -> {});
        assertThat(figures.get("loss")).isPositive();
        assertThat(generator.generate(requests, TokenListener.none())).hasSize(2);
    }
}
