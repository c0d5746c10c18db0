package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything about one training run, in the order in which a person reads it. Paths are absolute once a recipe has
 * been read by {@link RecipeReader}; the options of plugins have been checked against the plugin's own record.
 *
 * @param model the base model
 * @param methods what is attached to it and trained, in the order of composition
 * @param quantizer how the frozen weights are held, or null to hold them as they are
 * @param objective what training minimises; null where there are several tasks
 * @param scorer what says how much an answer is worth, for objectives that learn from the model's own; else null
 * @param optimizer how parameters follow their gradients
 * @param schedule the learning rate over time
 * @param data what is learnt from; null where there are several tasks
 * @param tasks several tasks to learn together, each with an objective and data of its own; else empty
 * @param mixing how they are mixed; null = in the usual way
 * @param training how long, how often to evaluate and save
 * @param engine what does the arithmetic
 * @param output the run's directory
 * @param overwrite whether a run that is already there is replaced
 * @param show what to print before and after training
 */
public record Recipe(
        @Key(
                value = "The base model: a directory, a hub id, or a section with path, dtype, from_scratch",
                required = true)
        ModelSection model,

        @Key(
                value = "The technique: its id and its keys, or a list of several that are composed in order",
                name = "method",
                required = true)
        List<MethodSection> methods,

        @Key("How the frozen weights are held in memory: a quantizer's id and its keys; left out, as model.dtype says")
        PluginSection quantizer,

        @Key("What training minimises: an objective's id and its keys")
        PluginSection objective,

        @Key(
                "What says how much an answer is worth, for objectives that learn from the model's own answers: a scorer's id and"
                        + " its keys")
        PluginSection scorer,

        @Key(value = "The optimizer: its id and its keys", required = true)
        PluginSection optimizer,

        @Key(value = "The learning rate over time", required = true)
        ScheduleSection schedule,

        @Key("What to learn from") DataSection data,

        @Key(
                "Several tasks to learn together, each with an objective and data of its own, in place of those of the recipe")
        List<TaskSection> tasks,

        @Key("How several tasks are mixed") MixingSection mixing,

        @Key(value = "How long to train, how often to evaluate and save", required = true)
        TrainingSection training,

        @Key(value = "What does the arithmetic: an engine's id and its keys", required = true)
        PluginSection engine,

        @Key(value = "Directory of the run, relative to the working directory", required = true)
        String output,

        @Key(value = "Whether a run that is already in the output directory is replaced", defaultsTo = "false")
        boolean overwrite,

        @Key("What to generate before and after training, for a person to compare")
        ShowSection show) {

    /** Copies the lists. */
    public Recipe {
        methods = List.copyOf(methods);
        tasks = List.copyOf(tasks);
    }

    /** Whether there are several tasks, or one that is written as if there were. */
    public boolean mixesTasks() {
        return !tasks.isEmpty();
    }

    /** The tasks; the only one of a recipe with an objective and data has no name. */
    public List<TaskSection> allTasks() {
        return mixesTasks() ? tasks : List.of(new TaskSection("", objective, data, 1, show));
    }

    /** How tasks are mixed. */
    public MixingSection mixture() {
        return mixing == null ? MixingSection.standard() : mixing;
    }

    /** Batches of one optimizer step. */
    public int gradientAccumulation() {
        return mixesTasks() ? mixture().gradientAccumulation() : data.gradientAccumulation();
    }

    /** The run's directory. */
    public Path outputDirectory() {
        return Path.of(output);
    }
}
