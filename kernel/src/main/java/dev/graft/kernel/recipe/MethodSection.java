package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import java.util.List;
import java.util.Map;

/**
 * One technique to attach.
 *
 * @param id the method's id; null where {@code adapter} names a directory, whose files say it
 * @param name name of the adapter where there are several; its folder's name inside the output
 * @param adapter directory of an adapter to go on from, or null to begin afresh
 * @param frozen whether it takes part without learning, as what later methods are trained on top of
 * @param parts directories of adapters that the method is built upon, for methods that mix others
 * @param tasks the tasks it serves, in a run of several; empty = all of them, which then share it
 * @param options the method's own keys, already known to fit its configuration record; empty where {@code adapter} is
 *     given, since the adapter brings its own
 */
public record MethodSection(
        @Key("The method's id; may be left out where adapter is given")
        String id,

        @Key("Name of the adapter, where a recipe has several; left out, the method's id")
        String name,

        @Key("Directory of an adapter to go on from; left out, training begins with a fresh one")
        String adapter,

        @Key(value = "Whether it takes part without learning, for others to be trained on top", defaultsTo = "false")
        boolean frozen,

        @Key("Directories of adapters that the method is built upon, for methods that mix others")
        List<String> parts,

        @Key("Names of the tasks it serves, where a recipe has several; left out, all of them share it")
        List<String> tasks,

        @Key("The method's own keys") Map<String, Object> options) {
    /** Copies the lists; absent, they are empty. */
    public MethodSection {
        parts = parts == null ? List.of() : List.copyOf(parts);
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }

    /** The name of what it attaches afresh. */
    public String attachmentName() {
        return name == null ? id : name;
    }

    /** Whether it serves a task. */
    public boolean serves(String task) {
        return tasks.isEmpty() || tasks.contains(task);
    }

    /** A method that learns and stands alone. */
    public MethodSection(String id, String name, String adapter, Map<String, Object> options) {
        this(id, name, adapter, false, List.of(), List.of(), options);
    }
}
