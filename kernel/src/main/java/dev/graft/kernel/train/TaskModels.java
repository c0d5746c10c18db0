package dev.graft.kernel.train;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.recipe.ModelSection;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models of a run's tasks: the base under the head that each needs, all of them on one copy of the weights. */
final class TaskModels implements AutoCloseable {
    /**
     * The head of a task.
     *
     * @param name the task's name
     * @param task what the head is for
     * @param outputs classes or scores; 0 = as the checkpoint says
     */
    record Head(String name, Task task, int outputs) {
        /** Whether two tasks may go by the same head: one that names tokens, rather than classes of the task's own. */
        private boolean shares(Head other) {
            return task == other.task && task != Task.SEQ_CLS && task != Task.TOKEN_CLS;
        }
    }

    private final Map<String, LoadedModel> byTask = new LinkedHashMap<>();
    private final LoadedModel base;

    /**
     * Opens the models.
     *
     * @param heads one for each task, at least one
     * @throws dev.graft.spi.config.ConfigurationException if the model cannot be read, or has no such head
     */
    TaskModels(ModelLoader loader, Path directory, ModelSection section, long seed, List<Head> heads) {
        Head first = heads.get(0);
        base = loader.load(
                directory,
                new ModelLoader.Options(section.dtype(), first.task(), first.outputs(), section.fromScratch(), seed));
        try {
            for (int i = 0; i < heads.size(); i++) {
                Head head = heads.get(i);
                LoadedModel model = i == 0
                        ? base
                        : heads.subList(0, i).stream()
                                .filter(head::shares)
                                .findFirst()
                                .map(same -> byTask.get(same.name()))
                                .orElseGet(() -> loader.sibling(base, directory, head.task(), head.outputs()));
                byTask.put(head.name(), model);
            }
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    /** The owner of the weights. */
    LoadedModel base() {
        return base;
    }

    /** The model of a task. */
    LoadedModel of(String task) {
        return byTask.get(task);
    }

    /**
     * What is attached to for some tasks: their model where they have the same, else what their models have in common.
     *
     * @param tasks their names; empty = all
     */
    LoadedModel common(List<String> tasks) {
        List<LoadedModel> models = new ArrayList<>();
        (tasks.isEmpty() ? byTask.keySet() : tasks).forEach(task -> models.add(of(task)));
        return LoadedModel.trunk(models);
    }

    @Override
    public void close() {
        List<LoadedModel> all = new ArrayList<>(byTask.values());
        all.remove(base);
        all.stream().distinct().forEach(LoadedModel::close);
        base.close();
    }
}
