package dev.graft.benchmarks;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.command.Defaults;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures one technique in a process of its own, so that the peak of its memory is its own: trains with all examples,
 * times passes with and without the adapter, then trains with fewer examples.
 */
@Command(name = "technique", description = "Measure one technique.", mixinStandardHelpOptions = true)
final class TechniqueCommand implements Runnable {
    @Parameters(index = "0", description = "The recipe that all techniques share.")
    private Path recipe;

    @Parameters(index = "1..*", description = "Values that go before the recipe's.")
    private List<String> change = List.of();

    @Option(names = "--output", required = true, description = "Directory for the runs.")
    private Path output;

    @Option(
            names = "--examples",
            split = ",",
            description = "Fewer examples to learn from, and the steps to take with them, as 16:60,100:120.")
    private List<String> few = List.of();

    @Option(names = "--passes", defaultValue = "100", description = "Timed passes (default: ${DEFAULT-VALUE}).")
    private int passes;

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        PluginRegistry plugins = new ServiceLoaderHost(getClass().getClassLoader()).registry();
        Figures figures = Figures.ofGraft();
        TrainingRun all = train(plugins, "all", List.of());
        figures.put(
                        "trainable_share",
                        100.0
                                * all.started().trainableParameters()
                                / all.started().allParameters(),
                        3)
                .put("step_ms", 1000 * all.secondsOfAStep(), 2)
                .putPeakMemory()
                .put("accuracy", all.accuracy());
        AddedLatency latency =
                AddedLatency.measure(plugins, all.recipe(), all.finished().adapter(), passes);
        figures.put("latency_ratio", latency.ratio(), 3).put("merges", latency.merges());
        for (String one : few) {
            String[] parts = one.split(":", 2);
            List<String> budget =
                    List.of("data.limit=" + parts[0], "training.epochs=null", "training.steps=" + parts[1]);
            figures.put("accuracy_" + parts[0], train(plugins, parts[0], budget).accuracy());
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(figures);
        out.flush();
    }

    private TrainingRun train(PluginRegistry plugins, String name, List<String> budget) {
        List<String> values = new ArrayList<>(change);
        values.addAll(budget);
        values.add("output=" + output.resolve(name).toAbsolutePath());
        values.add("overwrite=true");
        values.add("show=null");
        Recipe read = new RecipeReader(plugins, Defaults.SECTIONS, Path.of("")).read(recipe, values);
        List<TrainingEvent> events = new Trainer(plugins, DownloadListener.SILENT)
                .train(read)
                .collectList()
                .block();
        return new TrainingRun(read, events);
    }
}
