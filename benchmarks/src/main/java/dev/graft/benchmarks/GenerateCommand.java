package dev.graft.benchmarks;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.spi.engine.DType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times greedy generation, the prompt's pass included, with adapters dealt to the rows in turn. */
@Command(name = "generate", description = "Time cached greedy decoding.", mixinStandardHelpOptions = true)
final class GenerateCommand implements Runnable {
    private static final int WARM_UP_TOKENS = 4;
    private static final int RUNS = 3;

    @Mixin
    private DecoderSizes sizes;

    @Option(names = "--batch", defaultValue = "1", description = "Rows (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--prompt", defaultValue = "64", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "--tokens", defaultValue = "64", description = "New tokens of a row (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(names = "--rank", defaultValue = "8", description = "Rank of LoRA (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--adapters", defaultValue = "1", description = "Different adapters (default: ${DEFAULT-VALUE}).")
    private int adapters;

    @Option(names = "--dtype", defaultValue = "float32", description = "Frozen weights: float32 or bfloat16.")
    private DType dtype;

    @Option(names = "--clock", defaultValue = "wall", description = "wall or cpu (default: ${DEFAULT-VALUE}).")
    private Clock clock;

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        PrintWriter out = command.commandLine().getOut();
        try (Bench bench = Bench.open(sizes, dtype)) {
            List<AttachedAdapter> attached = IntStream.range(0, adapters)
                    .mapToObj(i -> bench.adapt("a" + i, rank, List.of("q_proj", "v_proj"), "false"))
                    .toList();
            Generator generator = new Generator(bench.model(), null);
            generator.generate(requests(attached, WARM_UP_TOKENS), TokenListener.none());
            List<GenerationRequest> requests = requests(attached, tokens);
            double seconds = Clock.median(clock.time(RUNS, () -> generator.generate(requests, TokenListener.none())));
            out.println(Figures.ofGraft()
                    .put("dtype", DTypeName.of(dtype))
                    .put("batch", batch)
                    .put("adapters", adapters)
                    .put("prompt", prompt)
                    .put("new_tokens", tokens)
                    .put("seconds", seconds, 3)
                    .put("tokens_per_s", batch * tokens / seconds, 1)
                    .putPeakMemory());
        }
        out.flush();
    }

    private List<GenerationRequest> requests(List<AttachedAdapter> attached, int newTokens) {
        Random random = new Random(0);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < batch; row++) {
            int[] ids = random.ints(prompt, 5, sizes.vocabulary()).toArray();
            AttachedAdapter adapter = attached.get(row % attached.size());
            requests.add(new GenerationRequest(ids, List.of(adapter), SamplingOptions.greedy(newTokens)));
        }
        return requests;
    }
}
