package dev.graft.kernel.train;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.ModelSection;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.MeasuringEngine;
import java.util.List;

/**
 * Tells what a recipe will take by going through a run, its longest batch and its first and last step, on an engine that
 * counts bytes and computes nothing. Whatever the methods, the objective and the optimizer do is in the figures.
 */
public final class Estimator {
    private final PluginRegistry registry;
    private final DownloadListener downloads;

    /**
     * An estimator.
     *
     * @param downloads told of models that have to be downloaded
     */
    public Estimator(PluginRegistry registry, DownloadListener downloads) {
        this.registry = registry;
        this.downloads = downloads;
    }

    /**
     * Estimates a recipe. Nothing is trained or written.
     *
     * @throws dev.graft.spi.config.ConfigurationException if a run could not begin, or the engine cannot tell
     */
    public Estimate estimate(Recipe recipe) {
        MeasuringEngine engine = new PluginInstances(registry).measuring(recipe.engine());
        try (Workshop workshop = new Workshop(
                registry.lease("estimate of " + recipe.output()),
                recipe,
                downloads,
                plugins -> engine,
                RunAttachments::attach)) {
            Rehearsal rehearsal = new Rehearsal(workshop);
            rehearsal.run();
            List<Estimate.MethodShare> methods =
                    workshop.adapters().stream().map(Estimator::share).toList();
            long trainable =
                    methods.stream().mapToLong(Estimate.MethodShare::trainable).sum();
            long all = workshop.model().weights().elements() + trainable;
            return new Estimate(methods, trainable, all, rehearsal.batch(), memory(engine, workshop));
        }
    }

    private static Estimate.MethodShare share(AttachedAdapter adapter) {
        long trainable = new TrainedParameters(List.of(adapter)).elements();
        return new Estimate.MethodShare(adapter.name(), adapter.method(), trainable);
    }

    private Estimate.Memory memory(MeasuringEngine engine, Workshop workshop) {
        long adapters = workshop.adapters().stream().mapToLong(Estimator::bytes).sum();
        long optimizer = workshop.optimizer().state().values().stream()
                .mapToLong(Array::bytes)
                .sum();
        long weights = engine.liveBytes() - adapters - optimizer;
        long arrays = engine.peakBytes().orElse(engine.residentBytes());
        return new Estimate.Memory(
                engine.programBytes(),
                files(workshop.recipe().model()),
                weights,
                adapters,
                optimizer,
                arrays - engine.liveBytes(),
                engine.residentBytes() - arrays);
    }

    private static long bytes(AttachedAdapter adapter) {
        long parameters = adapter.attachment().parameters().stream()
                .mapToLong(parameter -> adapter.array(parameter).bytes())
                .sum();
        long variables = adapter.variables().values().stream()
                .mapToLong(variable -> adapter.array(variable).bytes())
                .sum();
        return parameters
                + variables
                + adapter.parts().stream().mapToLong(Estimator::bytes).sum();
    }

    private long files(ModelSection model) {
        if (model.fromScratch()) {
            return 0;
        }
        try (Checkpoint checkpoint = Checkpoint.open(ModelDirectory.find(model.path(), model.revision(), downloads))) {
            return checkpoint.tensors().stream()
                    .mapToLong(
                            tensor -> tensor.shape().elements() * tensor.dtype().bytes())
                    .sum();
        }
    }
}
