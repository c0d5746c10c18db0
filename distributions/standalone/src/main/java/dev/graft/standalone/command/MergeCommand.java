package dev.graft.standalone.command;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.model.ModelMerger;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Objective;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.model.ModelSession;
import dev.graft.standalone.terminal.ByteCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft merge}: a plain checkpoint of a model and its adapter. */
@Command(
        name = "merge",
        description = {
            "Write a model with its adapter merged into the weights, as a plain Hugging Face checkpoint that every"
                    + " program reads.",
            "",
            "Several adapters are merged in the order given. Techniques that change more than weights, such as soft"
                    + " prompts, cannot be merged. A model that was trained from scratch is written as trained.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft merge runs/quickstart --output merged                      a run",
            "  graft merge --model models/llama --adapter adapters/a --output merged",
            "  graft merge runs/quickstart --output merged --dtype bfloat16 --shard-size 2GB",
        })
final class MergeCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private ModelOptions chosen;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The directory to write.")
    private Path output;

    @Option(names = "--overwrite", description = "Replace a model that is in the output directory.")
    private boolean overwrite;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = FloatType.class,
            description = "Element type of the weights: float32, bfloat16 or float16. Default: as each is stored.")
    private DType dtype;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            defaultValue = "5GB",
            description = "Most bytes of one file. Default: ${DEFAULT-VALUE}.")
    private long shardSize;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        ModelChoice choice = chosen.choose(plugins, graft.console());
        List<String> adapters = choice.adapters().stream()
                .filter(adapter -> !ModelChoice.isBase(adapter))
                .toList();
        if (adapters.isEmpty()) {
            throw new ConfigurationException("there is nothing to merge; give RUN, a directory that graft train wrote,"
                    + " or --adapter beside --model");
        }
        checkOutput(choice.directory());
        List<String> labels = labels(plugins, choice);
        int outputs = outputs(plugins, choice, labels);
        try (Engine engine = Engines.start(plugins, chosen.engine());
                ModelSession session = new ModelSession(
                        plugins, "merge of", engine, choice.directory(), options(plugins, choice, outputs))) {
            List<AttachedAdapter> attached = new ArrayList<>();
            adapters.forEach(adapter -> attached.addAll(session.adapter(Path.of(adapter))));
            new ModelMerger(session.model(), attached)
                    .write(choice.directory(), output, new ModelMerger.Form(labels, dtype, shardSize));
        }
        report();
        return GraftCommand.DONE;
    }

    /** Weights are read as they are stored, so that nothing is rounded before the merge; drawn ones as in the run. */
    private static ModelLoader.Options options(PluginRegistry plugins, ModelChoice choice, int labels) {
        ModelLoader.Options usual = choice.options(plugins, null);
        return new ModelLoader.Options(
                usual.fromScratch() ? usual.dtype() : null, usual.task(), labels, usual.fromScratch(), usual.seed());
    }

    /** The class names that a run's data gave its head. */
    private static List<String> labels(PluginRegistry plugins, ModelChoice choice) {
        if (choice.trained() == null) {
            return List.of();
        }
        Objective objective =
                new PluginInstances(plugins).objective(choice.trained().objective());
        if (objective.task() != Task.SEQ_CLS && objective.task() != Task.TOKEN_CLS) {
            return List.of();
        }
        Recipe recipe = GraftCommand.recipes(plugins).read(choice.trained().recipe(), List.of());
        return DataLoader.labels(recipe.data(), recipe.training().seed(), objective);
    }

    private static int outputs(PluginRegistry plugins, ModelChoice choice, List<String> labels) {
        return choice.trained() == null
                ? labels.size()
                : DataLoader.outputs(
                        new PluginInstances(plugins).objective(choice.trained().objective()), labels);
    }

    private void checkOutput(Path base) {
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new ConfigurationException("--output " + output + " is a file; it must be a directory, or not exist");
        }
        if (!Files.isDirectory(output)) {
            return;
        }
        try (Stream<Path> entries = Files.list(output)) {
            if (Files.isSameFile(output, base)) {
                throw new ConfigurationException(
                        "--output " + output + " is the base model itself; name another directory");
            }
            if (!overwrite && entries.findAny().isPresent()) {
                throw new ConfigurationException("--output " + output
                        + " is not empty; name another directory, or give --overwrite to replace a model in it");
            }
        } catch (IOException e) {
            throw new ConfigurationException("--output " + output + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void report() {
        try (Stream<Path> entries = Files.list(output)) {
            List<Path> files = entries.sorted().toList();
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            if (graft.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("output", output.toString());
                json.put(
                        "files",
                        files.stream()
                                .map(file -> file.getFileName().toString())
                                .toList());
                json.put("bytes", bytes);
                graft.print(json);
            } else {
                graft.console()
                        .out()
                        .println("wrote " + output + ": " + files.size() + " files, " + ByteCount.text(bytes));
            }
        } catch (IOException e) {
            throw new ConfigurationException("--output " + output + " cannot be read: " + e.getMessage(), e);
        }
    }
}
