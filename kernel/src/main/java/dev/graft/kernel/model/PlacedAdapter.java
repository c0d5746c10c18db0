package dev.graft.kernel.model;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import java.util.List;

/**
 * An attachment and where it belongs.
 *
 * @param adapter the attachment
 * @param model what it is attached to
 * @param tasks names of the tasks it serves; empty = all there are
 */
public record PlacedAdapter(AttachedAdapter adapter, LoadedModel model, List<String> tasks) {
    /** Copies the list. */
    public PlacedAdapter {
        tasks = List.copyOf(tasks);
    }

    /** Whether it serves a task. */
    public boolean serves(String task) {
        return tasks.isEmpty() || tasks.contains(task);
    }

    /**
     * Those of the attachments that run wherever another does, so that it may act on them.
     *
     * @param tasks the tasks of the other; empty = all there are
     */
    public static List<AttachedAdapter> below(List<PlacedAdapter> placed, List<String> tasks) {
        return placed.stream()
                .filter(one -> one.tasks().isEmpty() || one.tasks().containsAll(tasks))
                .map(PlacedAdapter::adapter)
                .toList();
    }
}
