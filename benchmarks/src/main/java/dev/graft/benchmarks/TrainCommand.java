package dev.graft.benchmarks;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times whole optimizer steps of LoRA: forward, loss, backward, AdamW. The first step is left out. */
@Command(name = "train", description = "Time LoRA training steps.", mixinStandardHelpOptions = true)
final class TrainCommand implements Runnable {
    private static final double RATE = 1e-4;

    @Mixin
    private DecoderSizes sizes;

    @Option(names = "--batch", defaultValue = "8", description = "Rows (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--length", defaultValue = "128", description = "Tokens of a row (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--steps", defaultValue = "6", description = "Steps, 2 at least (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--rank", defaultValue = "8", description = "Rank of LoRA (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "q_proj,v_proj",
            description = "Adapted layers (default: ${DEFAULT-VALUE}).")
    private List<String> targets;

    @Option(names = "--dtype", defaultValue = "float32", description = "Frozen weights: float32 or bfloat16.")
    private DType dtype;

    @Option(names = "--checkpointing", description = "Recompute blocks in the backward pass.")
    private boolean checkpointing;

    @Option(names = "--clock", defaultValue = "wall", description = "wall or cpu (default: ${DEFAULT-VALUE}).")
    private Clock clock;

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        PrintWriter out = command.commandLine().getOut();
        try (Bench bench = Bench.open(sizes, dtype)) {
            AttachedAdapter adapter = bench.adapt("lora", rank, targets, "true");
            PluginSection adamw = new PluginSection("adamw", Map.of());
            try (Optimizer optimizer = bench.plugins().optimizer(adamw)) {
                OptimizerStep step = new OptimizerStep(new OptimizerStep.Setting(
                        bench.model(),
                        new TrainedParameters(List.of(adapter)),
                        bench.plugins().objective(PluginSection.of("causal-lm")),
                        optimizer,
                        0,
                        checkpointing));
                HostBatch data = randomBatch();
                RandomStream random = RandomStream.seeded(0);
                double[] times = clock.time(
                        steps,
                        () -> step.take(List.of(data::toBatch), layer -> RATE, new Progress(0, steps, 0, 1), random));
                out.println(figures(bench.parameters(), Arrays.copyOfRange(times, 1, steps)));
            }
        }
        out.flush();
    }

    private HostBatch randomBatch() {
        Random random = new Random(0);
        List<Example> examples = new ArrayList<>();
        for (int row = 0; row < batch; row++) {
            int[] ids = random.ints(length, 5, sizes.vocabulary()).toArray();
            examples.add(new Example(List.of(Sequence.of(ids, ids)), Map.of()));
        }
        return HostBatch.padded(examples, 0, 1);
    }

    private Figures figures(long parameters, double[] times) {
        double median = Clock.median(times);
        return Figures.ofGraft()
                .put("params", parameters)
                .put("dtype", DTypeName.of(dtype))
                .put("batch", batch)
                .put("length", length)
                .put("step_s_median", median, 3)
                .put("step_s_min", Arrays.stream(times).min().orElseThrow(), 3)
                .put("tokens_per_s", batch * length / median, 1)
                .putPeakMemory();
    }
}
