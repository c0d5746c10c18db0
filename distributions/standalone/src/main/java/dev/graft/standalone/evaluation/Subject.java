package dev.graft.standalone.evaluation;

import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.ModelSection;
import dev.graft.kernel.recipe.PluginSection;
import java.nio.file.Path;
import java.util.List;

/**
 * What is evaluated, and on what.
 *
 * @param model the base model
 * @param adapter directory of the adapter, or null for the bare base
 * @param objective whose figures they are
 * @param scorer what scores the model's own answers, where the objective asks; else null
 * @param engine what does the arithmetic
 * @param data how records are read
 * @param files the data; empty for what {@code data} keeps for evaluation
 * @param seed decides what is kept for evaluation
 * @param task the task that it was learnt for, where the adapter serves several; else null
 */
public record Subject(
        ModelSection model,
        Path adapter,
        PluginSection objective,
        PluginSection scorer,
        PluginSection engine,
        DataSection data,
        List<Path> files,
        long seed,
        String task) {
    /** Copies the list. */
    public Subject {
        files = List.copyOf(files);
    }

    /** A subject of one task. */
    public Subject(
            ModelSection model,
            Path adapter,
            PluginSection objective,
            PluginSection scorer,
            PluginSection engine,
            DataSection data,
            List<Path> files,
            long seed) {
        this(model, adapter, objective, scorer, engine, data, files, seed, null);
    }
}
