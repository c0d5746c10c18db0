package dev.graft.standalone.continual;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.config.YamlDocument;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tasks to learn one after the other, in one or several ways.
 *
 * @param recipe the recipe that every task is learned by, beside this file
 * @param tasks the tasks in their order
 * @param ways what is compared
 * @param figure what tasks are judged by
 * @param output directory of all runs and of the report
 * @param overwrite whether runs that are there are begun anew
 */
public record TaskSequence(
        @Key(value = "The recipe that every task is learned by, a file beside this one", required = true)
        String recipe,

        @Key(value = "The tasks, in the order in which they are learned", required = true)
        List<Task> tasks,

        @Key(value = "The ways of learning them that are compared", required = true)
        List<Way> ways,

        @Key(
                value = "The figure that tasks are judged by, of which more is better, as graft eval names it",
                defaultsTo = "accuracy")
        String figure,

        @Key(value = "Directory of the runs and the report, relative to the working directory", required = true)
        String output,

        @Key(
                value = "Whether runs that are already there are begun anew; otherwise what is finished is kept, and"
                        + " what was stopped goes on",
                defaultsTo = "false")
        boolean overwrite) {
    private static final Pattern PLAIN = Pattern.compile("[\\w-]+");

    /**
     * One task.
     *
     * @param name its name
     * @param data keys of the recipe's data section that this task has of its own
     */
    public record Task(
            @Key(value = "The task's name, of letters, digits, - and _", required = true)
            String name,

            @Key(value = "Keys of the recipe's data section for this task, such as train and eval", required = true)
            Map<String, Object> data) {}

    /**
     * A way to learn all tasks.
     *
     * @param name its name
     * @param method the recipe's method section for the first task; later ones go on with what came out
     */
    public record Way(
            @Key(value = "The way's name, of letters, digits, - and _", required = true)
            String name,

            @Key(
                    value = "The method section of the first task, as in a recipe; each later task goes on from the"
                            + " adapter of the one before it",
                    required = true)
            Object method) {}

    /** Copies the lists. */
    public TaskSequence {
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
        ways = ways == null ? List.of() : List.copyOf(ways);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it is not what is expected, naming the key
     */
    public static TaskSequence read(Path file) {
        YamlDocument document = YamlDocument.read(file);
        TaskSequence sequence = ConfigurationBinder.bind(TaskSequence.class, document.tree(), "", document.source());
        sequence.check(file);
        return sequence;
    }

    private void check(Path file) {
        if (tasks.size() < 2) {
            throw new ConfigurationException(file + ": key 'tasks' has " + tasks.size()
                    + " elements; at least two tasks are needed for one of them to be forgotten");
        }
        if (ways.isEmpty()) {
            throw new ConfigurationException(file + ": key 'ways' is an empty list; at least one is needed");
        }
        checkNames(file, "tasks", tasks.stream().map(Task::name).toList());
        checkNames(file, "ways", ways.stream().map(Way::name).toList());
    }

    private static void checkNames(Path file, String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!PLAIN.matcher(name).matches() || !seen.add(name)) {
                throw new ConfigurationException(file + ": key '" + key + "' has the name '" + name
                        + "'; names must be of letters, digits, - and _, each its own");
            }
        }
    }
}
