package dev.graft.standalone.continual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The recipes of a sequence: the common one with the data of a task and the method of a way, or the adapter that the task
 * before it came to.
 *
 * @param sequence the sequence
 * @param directory where its file is
 * @param reader reads the common recipe
 */
record SequenceRecipes(TaskSequence sequence, Path directory, RecipeReader reader) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The directory of a run. */
    Path root(TaskSequence.Way way, int task) {
        return Path.of(sequence.output())
                .resolve(way.name())
                .resolve((task + 1) + "-" + sequence.tasks().get(task).name());
    }

    /**
     * The recipe of a task, whose predecessor must have been learned.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong
     */
    Recipe of(TaskSequence.Way way, int task) {
        Object method = task == 0
                ? way.method()
                : Map.of("adapter", root(way, task - 1).resolve("adapter").toString());
        return of(way, task, method);
    }

    /**
     * The recipe of a task as if it were a way's first, for its data.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is wrong
     */
    Recipe alone(TaskSequence.Way way, int task) {
        return of(way, task, way.method());
    }

    private Recipe of(TaskSequence.Way way, int task, Object method) {
        List<String> changes = new ArrayList<>();
        sequence.tasks().get(task).data().forEach((key, value) -> changes.add("data." + key + "=" + text(value)));
        changes.add("method=" + text(method));
        changes.add("output=" + text(root(way, task).toString()));
        changes.add("overwrite=" + sequence.overwrite());
        return reader.read(directory.resolve(sequence.recipe()), changes);
    }

    /** A value as JSON, which is YAML. */
    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write " + value + " as JSON", impossible);
        }
    }
}
