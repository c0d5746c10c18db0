package dev.graft.standalone.command;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.ModelSection;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.kernel.train.RunDirectory;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.standalone.evaluation.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that say which model, with which adapter, is set before which data: a run's, or named one by one. */
final class SubjectOptions {
    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN", description = "A run's directory.")
    private Path root;

    @Option(names = "--model", paramLabel = "PATH", description = "A checkpoint directory, or an id on the hub.")
    private String model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "The adapter, instead of the run's or none.")
    private Path adapter;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "One of the tasks that the run learnt, where it learnt several.")
    private String task;

    @Option(names = "--base", description = "The run's model without its adapter.")
    private boolean base;

    @Option(
            names = "--objective",
            paramLabel = "ID|FILE",
            description =
                    "Whose figures or labels: see graft plugins --kind objective; one with keys of its own as a YAML file that"
                            + " holds what stands under objective: in a recipe.")
    private String objective;

    @Option(names = "--data", paramLabel = "FILE", description = "The data, instead of the run's.")
    private Path data;

    @Option(names = "--max-length", paramLabel = "N", description = "Longest sequence in tokens.")
    private Integer maxLength;

    @Option(names = "--batch-size", paramLabel = "N", description = "Rows of one batch.")
    private Integer batchSize;

    /**
     * What the options name.
     *
     * @param overlong what becomes of a longer sequence, or null for what the run says
     * @throws ConfigurationException if options are missing or contradict each other
     */
    Subject subject(PluginRegistry plugins, String overlong) {
        if (data != null && !Files.isRegularFile(data)) {
            throw new ConfigurationException("--data " + data + " is no file");
        }
        return root == null ? named(overlong) : ofRun(Runs.recipe(plugins, root), overlong);
    }

    /** Whether a run is named that learnt several tasks, and none of them. */
    boolean mixesTasks(PluginRegistry plugins) {
        return root != null && task == null && Runs.recipe(plugins, root).mixesTasks();
    }

    /**
     * The recipe of the run of several tasks that is named, with the options put into each task's data.
     *
     * @throws ConfigurationException if there are options that say of one task what such a run says of each
     */
    Recipe mixture(PluginRegistry plugins, String overlong) {
        refuse(model, "--model");
        refuse(objective, "--objective");
        refuse(data, "--data");
        List<String> changes = new ArrayList<>();
        int tasks = Runs.recipe(plugins, root).tasks().size();
        for (int task = 0; task < tasks; task++) {
            change(changes, task, "max_length", maxLength);
            change(changes, task, "eval_batch_size", batchSize);
            change(changes, task, "overlong", overlong);
        }
        return Runs.recipe(plugins, root, changes);
    }

    /** The adapter to evaluate a run with, or null for none. */
    Path trained() {
        if (base && adapter != null) {
            throw new ConfigurationException("--base stands beside --adapter; leave one of them out");
        }
        RunDirectory run = new RunDirectory(root);
        if (!base && adapter == null && !run.finished()) {
            throw new ConfigurationException(
                    root + " has no adapter yet: finish it with graft resume, or take its model alone with --base");
        }
        return base ? null : adapter == null ? run.adapter() : adapter;
    }

    private void refuse(Object value, String option) {
        if (value != null) {
            throw new ConfigurationException(option + " stands beside the run " + root
                    + ", whose recipe says it for each of its tasks; leave it out"
                    + (option.equals("--data") ? ", or name one of them with --task" : ""));
        }
    }

    private static void change(List<String> changes, int task, String key, Object value) {
        if (value != null) {
            changes.add("tasks[" + task + "].data." + key + "=" + value);
        }
    }

    /** Whether a run is named, rather than model and objective. */
    boolean ofRun() {
        return root != null;
    }

    /**
     * Makes sure that a file is named, whether with a run or without.
     *
     * @throws ConfigurationException if not
     */
    void requireData() {
        if (data == null) {
            throw new ConfigurationException("--data is missing: name the file whose records get labels");
        }
    }

    private Subject ofRun(Recipe recipe, String overlong) {
        if (model != null || objective != null) {
            throw new ConfigurationException((model != null ? "--model" : "--objective") + " stands beside the run "
                    + root + ", whose recipe says it; leave one of them out");
        }
        TaskSection learnt = task(recipe);
        Path trained = trained();
        return new Subject(
                recipe.model(),
                trained,
                learnt.objective(),
                recipe.scorer(),
                recipe.engine(),
                section(ConfigurationBinder.toMap(learnt.data()), overlong),
                files(),
                recipe.training().seed(),
                recipe.mixesTasks() ? task : null);
    }

    /** The task that is named, or the only one. */
    private TaskSection task(Recipe recipe) {
        List<String> names = recipe.tasks().stream().map(TaskSection::name).toList();
        if (task == null && names.isEmpty()) {
            return recipe.allTasks().get(0);
        }
        return recipe.tasks().stream()
                .filter(one -> one.name().equals(task))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        task == null
                                ? root + " learnt several tasks; --task names one of " + String.join(", ", names)
                                : "--task is '" + task + "'; "
                                        + (names.isEmpty()
                                                ? root + " learnt but one task, which has no name"
                                                : "the tasks are " + String.join(", ", names))));
    }

    private Subject named(String overlong) {
        if (task != null) {
            throw new ConfigurationException("--task is '" + task + "', but only a run has tasks; name one");
        }
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
                null,
                new PluginSection(Defaults.ENGINE, Map.of()),
                section(section, overlong),
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

    private DataSection section(Map<String, Object> tree, String overlong) {
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
}
