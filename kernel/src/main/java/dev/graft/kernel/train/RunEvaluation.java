package dev.graft.kernel.train;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.model.PlacedAdapter;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Evaluates what a run learnt for its tasks, each with what is attached for it, on the data that its recipe keeps for that. */
public final class RunEvaluation {
    private final PluginRegistry registry;
    private final DownloadListener downloads;

    /**
     * An evaluation with the plugins of a registry.
     *
     * @param downloads told of models that have to be downloaded
     */
    public RunEvaluation(PluginRegistry registry, DownloadListener downloads) {
        this.registry = registry;
        this.downloads = downloads;
    }

    /**
     * What came out.
     *
     * @param figures as an evaluation during training gives them
     * @param examples number of examples they are over
     * @param notes what a person should know about the data
     */
    public record Result(Map<String, Double> figures, int examples, List<String> notes) {}

    /** Told how far an evaluation is. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many batches are done. */
        void done(int batches, int total);
    }

    /**
     * The figures of all tasks.
     *
     * @param adapter what the run left behind, or null for the bare base
     * @throws ConfigurationException if model, adapter and data cannot be read or do not fit together, or there is no data
     *     to evaluate on
     */
    public Result figures(Recipe recipe, Path adapter, Progress progress) {
        Function<RunAttachments, List<PlacedAdapter>> attach =
                attachments -> adapter == null ? List.of() : attachments.stored(adapter);
        try (Workshop workshop = new Workshop(
                registry.lease("evaluation of " + recipe.output()),
                recipe,
                downloads,
                plugins -> plugins.engine(recipe.engine()),
                attach)) {
            TaskEvaluations evaluations =
                    new TaskEvaluations(workshop.tasks(), recipe.training().seed());
            if (evaluations.isEmpty()) {
                throw new ConfigurationException(
                        "the run's recipe keeps no data for evaluation; give a task data.eval or data.eval_fraction");
            }
            int examples = workshop.tasks().stream()
                    .mapToInt(task -> task.data().eval().size())
                    .sum();
            return new Result(evaluations.run(progress::done), examples, workshop.notes());
        }
    }
}
