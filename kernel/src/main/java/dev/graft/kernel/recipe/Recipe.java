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
 * @param objective what training minimises
 * @param scorer what says how much an answer is worth, for objectives that learn from the model's own; else null
 * @param optimizer how parameters follow their gradients
 * @param schedule the learning rate over time
 * @param data what is learnt from
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

        @Key(value = "What training minimises: an objective's id and its keys", required = true)
        PluginSection objective,

        @Key(
                "What says how much an answer is worth, for objectives that learn from the model's own answers: a scorer's id and"
                        + " its keys")
        PluginSection scorer,

        @Key(value = "The optimizer: its id and its keys", required = true)
        PluginSection optimizer,

        @Key(value = "The learning rate over time", required = true)
        ScheduleSection schedule,

        @Key(value = "What to learn from", required = true) DataSection data,

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

    /** Copies the list. */
    public Recipe {
        methods = List.copyOf(methods);
    }

    /** The run's directory. */
    public Path outputDirectory() {
        return Path.of(output);
    }
}
