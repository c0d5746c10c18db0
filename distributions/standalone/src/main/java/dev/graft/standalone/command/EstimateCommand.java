package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.Estimate;
import dev.graft.kernel.train.Estimator;
import dev.graft.standalone.inspect.AdapterInspector;
import dev.graft.standalone.terminal.ByteCount;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code graft estimate}: what a recipe will take, before anything runs. */
@Command(
        name = "estimate",
        description = {
            "Tell what a recipe will take, before anything runs: how many parameters learn, method by method, and about"
                    + " how much memory training takes at its peak. The run is gone through with its longest batch on an"
                    + " engine that counts bytes and computes nothing, so methods, objective and optimizer, checkpointing"
                    + " and accumulation are all in the figures.",
            "",
            "The memory is what the process holds (resident), the sum of:",
            "  program      the Java machine and the engine's libraries, as measured on Linux",
            "  checkpoint   the model's files, which are mapped while it is open",
            "  weights      the base as the engine multiplies with it",
            "  adapters     parameters and variables of the methods",
            "  optimizer    what the optimizer keeps from step to step",
            "  step         activations and gradients",
            "  gaps         what operations need on their way, and freed memory that the allocator keeps for later",
            "graft train tells the peak that it came to at its end.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft estimate recipe.yaml                    as the recipe says",
            "  graft estimate recipe.yaml data.batch_size=2  with a value changed",
            "  graft estimate recipe.yaml --json             for another program, in bytes",
        })
final class EstimateCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private RecipeArguments arguments;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        Recipe recipe = arguments.read(plugins);
        show(new Estimator(plugins, new DownloadProgress(graft.console())).estimate(recipe));
        return GraftCommand.DONE;
    }

    private void show(Estimate estimate) {
        Map<String, Long> parts = parts(estimate.memory());
        if (graft.json()) {
            graft.print(json(estimate, parts));
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add(AdapterInspector.trainableLine(estimate.trainable(), estimate.all()));
        lines.add("");
        Table methods = Table.withNumbers(1, "METHOD", "TRAINABLE", "OF THE BASE");
        long base = estimate.all() - estimate.trainable();
        estimate.methods()
                .forEach(method -> methods.row(
                        method.name().equals(method.id()) ? method.id() : method.name() + " (" + method.id() + ")",
                        String.format(Locale.ROOT, "%,d", method.trainable()),
                        String.format(Locale.ROOT, "%.4f%%", 100.0 * method.trainable() / Math.max(1, base))));
        lines.addAll(methods.lines(graft.console().columns()));
        lines.add("");
        Table memory = Table.withNumbers(1, "PEAK MEMORY", "ABOUT");
        parts.forEach((part, bytes) -> memory.row(part, ByteCount.text(bytes)));
        memory.row("total", ByteCount.text(estimate.memory().total()));
        lines.addAll(memory.lines(graft.console().columns()));
        lines.add("");
        lines.add("for batches of up to " + estimate.batch().rows() + " rows of "
                + estimate.batch().length() + " tokens");
        graft.print(lines);
    }

    private static Map<String, Object> json(Estimate estimate, Map<String, Long> parts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("trainable_parameters", estimate.trainable());
        json.put("all_parameters", estimate.all());
        json.put(
                "methods",
                estimate.methods().stream()
                        .map(method -> Map.of(
                                "name", method.name(), "id", method.id(), "trainable_parameters", method.trainable()))
                        .toList());
        json.put("rows", estimate.batch().rows());
        json.put("length", estimate.batch().length());
        json.put("bytes", parts);
        json.put("total_bytes", estimate.memory().total());
        return json;
    }

    private static Map<String, Long> parts(Estimate.Memory memory) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("program", memory.program());
        parts.put("checkpoint", memory.checkpoint());
        parts.put("weights", memory.weights());
        parts.put("adapters", memory.adapters());
        parts.put("optimizer", memory.optimizer());
        parts.put("step", memory.step());
        parts.put("gaps", memory.gaps());
        return parts;
    }
}
