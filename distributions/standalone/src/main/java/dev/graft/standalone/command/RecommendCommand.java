package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.recommendation.Profile;
import dev.graft.kernel.recommendation.RecipeDraft;
import dev.graft.kernel.recommendation.Recommender;
import dev.graft.kernel.recommendation.Verdict;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Suitability;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft recommend}: which technique to take, why, and a recipe to begin with. */
@Command(
        name = "recommend",
        description = {
            "Recommend a technique for a task, say why and why not the others, and give a recipe that graft train takes."
                    + " Every installed method plugin takes part with what it says it is good for: tasks, numbers of"
                    + " examples, strength, what it costs once trained, and what learns while it trains.",
            "",
            "With --model and --data the recipe is estimated as graft estimate does, and its batches are made smaller until"
                    + " it fits --memory; without, only weights and what learns are reckoned.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft recommend --task classification --examples 16",
            "  graft recommend --task instruction --examples 10000 --latency none --memory 16GB --model org/name",
            "  graft recommend --task text --examples 1000000 --data corpus.txt --model dir --output recipe.yaml",
        })
final class RecommendCommand implements Callable<Integer> {
    /** What a trained model may cost besides the base. */
    enum Latency {
        NONE(Suitability.Cost.NOTHING),
        LOW(Suitability.Cost.LONGER_TEXTS),
        ANY(Suitability.Cost.WORK_IN_BLOCKS);

        private final Suitability.Cost cost;

        Latency(Suitability.Cost cost) {
            this.cost = cost;
        }
    }

    @ParentCommand
    private GraftCommand graft;

    @Option(
            names = "--task",
            required = true,
            paramLabel = "TASK",
            description = "What to learn: classification (labels for texts), instruction (answers to prompts) or text"
                    + " (more text of a kind).")
    private RecommendTask task;

    @Option(
            names = "--examples",
            required = true,
            paramLabel = "N",
            description = "How many training examples there are.")
    private long examples;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Memory there is to train in, such as 8GB. Needs --model.")
    private Long memory;

    @Option(
            names = "--latency",
            paramLabel = "LIMIT",
            defaultValue = "any",
            description = "What the trained model may cost besides the base: none (it must merge), low (a few tokens in"
                    + " every text) or any. Default: any.")
    private Latency latency;

    @Option(names = "--model", paramLabel = "MODEL", description = "The base: a directory or an id such as org/name.")
    private String model;

    @Option(names = "--data", paramLabel = "FILE", description = "The training data, for the recipe.")
    private Path data;

    @Option(names = "--output", paramLabel = "FILE", description = "Where to write the recipe. Default: on the output.")
    private Path output;

    @Override
    public Integer call() {
        check();
        PluginRegistry plugins = graft.plugins();
        long program = new PluginInstances(plugins)
                .measuring(new PluginSection(Defaults.ENGINE, Map.of()))
                .programBytes();
        Profile profile = new Profile(task.task(), examples, latency.cost, memory, baseParameters());
        List<Verdict> verdicts = new Recommender(plugins.methods(), program).recommend(profile);
        FittedRecipe fitted = new FittingRecipe(plugins, memory, new DownloadProgress(graft.console()))
                .first(verdicts, draft(), model != null && data != null);
        if (output != null) {
            AtomicFile.write(output, fitted.yaml().getBytes(StandardCharsets.UTF_8));
        }
        show(verdicts, fitted);
        return GraftCommand.DONE;
    }

    private void check() {
        if (examples < 1) {
            throw new ConfigurationException("--examples is " + examples + ", but must be at least 1");
        }
        if (memory != null && model == null) {
            throw new ConfigurationException("--memory needs --model: what a technique takes depends on the base");
        }
        if (output != null && Files.exists(output)) {
            throw new ConfigurationException(output + " exists already; give --output another name or remove it");
        }
    }

    private Long baseParameters() {
        if (model == null) {
            return null;
        }
        try (Checkpoint checkpoint =
                Checkpoint.open(ModelDirectory.find(model, null, new DownloadProgress(graft.console())))) {
            return checkpoint.tensors().stream()
                    .mapToLong(tensor -> tensor.shape().elements())
                    .sum();
        }
    }

    private RecipeDraft draft() {
        return new RecipeDraft(
                model == null ? "path/to/model" : model,
                data == null ? "data/train.jsonl" : data.toString(),
                task.objective(),
                "runs/" + task.name().toLowerCase(Locale.ROOT),
                examples,
                8,
                1,
                false);
    }

    private void show(List<Verdict> verdicts, FittedRecipe fitted) {
        String chosen = fitted.verdict().method().id();
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("method", chosen);
            json.put("why", fitted.verdict().reason());
            json.put(
                    "alternatives",
                    verdicts.stream()
                            .filter(verdict -> !verdict.equals(fitted.verdict()))
                            .map(verdict -> Map.of(
                                    "method", verdict.method().id(),
                                    "possible", verdict.possible(),
                                    "reason", fitted.reason(verdict)))
                            .toList());
            json.put("recipe", fitted.yaml());
            graft.print(json);
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("take " + chosen + ": " + fitted.verdict().method().summary());
        lines.add("");
        Table table = Table.of("", "METHOD", "WHY OR WHY NOT");
        verdicts.forEach(verdict -> table.row(
                verdict.equals(fitted.verdict()) ? "*" : verdict.possible() ? "" : "-",
                verdict.method().id(),
                fitted.reason(verdict)));
        lines.addAll(table.lines(graft.console().columns()));
        lines.add("");
        lines.add(output == null ? "A recipe to begin with:" : "A recipe to begin with is in " + output + ".");
        if (output == null) {
            lines.add("");
            fitted.yaml().lines().forEach(lines::add);
        }
        graft.print(lines);
    }
}
