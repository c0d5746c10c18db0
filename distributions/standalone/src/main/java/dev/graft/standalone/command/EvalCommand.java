package dev.graft.standalone.command;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.ModelSection;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.standalone.evaluation.Examination;
import dev.graft.standalone.evaluation.Subject;
import dev.graft.standalone.terminal.DownloadProgress;
import dev.graft.standalone.terminal.ProgressLine;
import dev.graft.standalone.terminal.Table;
import dev.graft.standalone.training.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft eval}: how well a model does on data. */
@Command(
        name = "eval",
        description = {
            "Evaluate a model, with an adapter or without: loss and what else the objective has figures for, such as"
                    + " perplexity, accuracy and F1.",
            "",
            "Of a run, the recipe says the model, the objective and the data. Without a run, --model, --objective and"
                    + " --data say them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft eval runs/mine                          the run's adapter on the run's evaluation data",
            "  graft eval runs/mine --base                   the same without the adapter",
            "  graft eval runs/mine --data test.jsonl        on other data",
            "  graft eval --model models/llama --adapter runs/mine/adapter --objective causal-lm --data test.jsonl",
        })
final class EvalCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN", description = "A run's directory.")
    private Path root;

    @Option(names = "--model", paramLabel = "PATH", description = "A checkpoint directory, or an id on the hub.")
    private String model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "The adapter, instead of the run's or none.")
    private Path adapter;

    @Option(names = "--base", description = "Evaluate the run's model without its adapter.")
    private boolean base;

    @Option(
            names = "--objective",
            paramLabel = "ID|FILE",
            description =
                    "Whose figures: see graft plugins --kind objective; one with keys of its own as a YAML file that"
                            + " holds what stands under objective: in a recipe.")
    private String objective;

    @Option(names = "--data", paramLabel = "FILE", description = "The data, instead of the run's.")
    private Path data;

    @Option(names = "--max-length", paramLabel = "N", description = "Longest sequence in tokens.")
    private Integer maxLength;

    @Option(names = "--batch-size", paramLabel = "N", description = "Rows of one batch.")
    private Integer batchSize;

    @Option(
            names = "--overlong",
            paramLabel = "WHAT",
            description = "What becomes of a longer sequence: truncate, split, drop or error.")
    private String overlong;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        if (data != null && !Files.isRegularFile(data)) {
            throw new ConfigurationException("--data " + data + " is no file");
        }
        Subject subject = root == null ? named() : ofRun(Runs.recipe(plugins, root));
        ProgressLine line = new ProgressLine(graft.console(), graft.console().err(), System::nanoTime);
        Examination.Result result;
        try {
            result = new Examination(plugins, new DownloadProgress(graft.console()))
                    .figures(
                            subject,
                            (done, total) -> line.show(
                                    (double) done / total, List.of("evaluating", done + "/" + total + " batches")));
        } finally {
            line.clear();
        }
        show(subject, result);
        return GraftCommand.DONE;
    }

    private Subject ofRun(Recipe recipe) {
        if (model != null || objective != null) {
            throw new ConfigurationException((model != null ? "--model" : "--objective") + " stands beside the run "
                    + root + ", whose recipe says it; leave one of them out");
        }
        if (base && adapter != null) {
            throw new ConfigurationException("--base stands beside --adapter; leave one of them out");
        }
        RunDirectory run = new RunDirectory(root);
        if (!base && adapter == null && !run.finished()) {
            throw new ConfigurationException(
                    root + " has no adapter yet: finish it with graft resume, or evaluate its" + " model with --base");
        }
        Path trained = base ? null : adapter == null ? run.adapter() : adapter;
        return new Subject(
                recipe.model(),
                trained,
                recipe.objective(),
                recipe.engine(),
                section(ConfigurationBinder.toMap(recipe.data())),
                files(),
                recipe.training().seed());
    }

    private Subject named() {
        require(model, "--model");
        require(objective, "--objective");
        require(data, "--data");
        if (base && adapter != null) {
            throw new ConfigurationException("--base stands beside --adapter; leave one of them out");
        }
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("train", data.toString());
        return new Subject(
                new ModelSection(model, null, false, DType.FLOAT32),
                adapter,
                objective(),
                new PluginSection(Defaults.ENGINE, Map.of()),
                section(section),
                files(),
                0);
    }

    /** The objective by its id, or from a file with its id and its keys. */
    private PluginSection objective() {
        if (!objective.endsWith(".yaml") && !objective.endsWith(".yml")) {
            return PluginSection.of(objective);
        }
        Map<String, Object> keys =
                new LinkedHashMap<>(YamlDocument.read(Path.of(objective)).tree());
        if (keys.remove("id") instanceof String id) {
            return new PluginSection(id, keys);
        }
        throw new ConfigurationException(
                objective + " has no id; it must say the objective's, beside the objective's own keys");
    }

    private List<Path> files() {
        return data == null ? List.of() : List.of(data);
    }

    private DataSection section(Map<String, Object> tree) {
        Map<String, Object> changed = new LinkedHashMap<>(tree);
        changed.values().removeIf(Objects::isNull);
        put(changed, "max_length", maxLength);
        put(changed, "eval_batch_size", batchSize);
        put(changed, "overlong", overlong);
        return ConfigurationBinder.bind(DataSection.class, changed, "data");
    }

    private static void put(Map<String, Object> tree, String key, Object value) {
        if (value != null) {
            tree.put(key, value);
        }
    }

    private static void require(Object value, String option) {
        if (value == null) {
            throw new ConfigurationException(
                    option + " is missing: name a run, or all of --model, --objective and --data");
        }
    }

    private void show(Subject subject, Examination.Result result) {
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("model", subject.model().path());
            json.put(
                    "adapter",
                    subject.adapter() == null ? null : subject.adapter().toString());
            json.put("examples", result.examples());
            json.put("figures", result.figures());
            json.put("notes", result.notes());
            graft.print(json);
            return;
        }
        graft.print(List.of(
                "model      " + subject.model().path(),
                "adapter    "
                        + (subject.adapter() == null
                                ? "none"
                                : subject.adapter().toString()),
                "examples   " + result.examples()));
        result.notes().forEach(note -> graft.print(List.of("note: " + note)));
        Table table = Table.withNumbers(1, "FIGURE", "VALUE");
        result.figures().forEach((name, figure) -> table.row(name, Figures.text(figure)));
        graft.print(List.of(""));
        graft.print(table.lines(graft.console().columns()));
    }
}
