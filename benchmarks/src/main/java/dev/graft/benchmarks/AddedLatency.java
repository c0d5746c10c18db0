package dev.graft.benchmarks;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * What an adapter adds to the time of a pass over one row.
 *
 * @param ratio median time with the adapter over median time without
 * @param merges whether it can be merged into the base, and then adds nothing
 */
record AddedLatency(double ratio, boolean merges) {
    private static final int TOKENS = 64;

    /** Opens a run's model and adapter, and times passes of both kinds in turn. */
    static AddedLatency measure(PluginRegistry plugins, Recipe recipe, Path adapter, int passes) {
        PluginInstances instances = new PluginInstances(plugins);
        Objective objective = instances.objective(recipe.objective());
        Path directory =
                ModelDirectory.find(recipe.model().path(), recipe.model().revision(), DownloadListener.SILENT);
        List<String> labels = DataLoader.labels(recipe.data(), recipe.training().seed(), objective);
        ModelLoader.Options options =
                new ModelLoader.Options(recipe.model().dtype(), objective.task(), labels.size(), false, 0);
        try (Engine engine = instances.engine(recipe.engine());
                LoadedModel model = new ModelLoader(plugins, new GraftTensors(engine)).load(directory, options)) {
            List<AttachedAdapter> adapters = new AdapterLoader(plugins).load(adapter, model);
            try {
                double ratio = ratio(model, adapters, passes);
                return new AddedLatency(ratio, adapters.stream().allMatch(AddedLatency::merges));
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }
    }

    private static double ratio(LoadedModel model, List<AttachedAdapter> adapters, int passes) {
        double[] bare = new double[passes];
        double[] adapted = new double[passes];
        for (int i = -passes / 4; i < passes; i++) {
            double without = seconds(model, RowAssignment.base());
            double with = seconds(model, RowAssignment.all(adapters));
            if (i >= 0) {
                bare[i] = without;
                adapted[i] = with;
            }
        }
        return Clock.median(adapted) / Clock.median(bare);
    }

    private static double seconds(LoadedModel model, RowAssignment rows) {
        long[] ids =
                new Random(0).longs(TOKENS, 5, model.description().vocabulary()).toArray();
        double start = Clock.WALL.seconds();
        try (Scope scope = model.tensors().scope()) {
            Input input = Input.of(model.tensors().of(ids, Shape.of(1, TOKENS)), null);
            model.tensors()
                    .withoutGradient(() ->
                            model.forward(input, rows, PassOptions.inference()).logits())
                    .floats();
        }
        return Clock.WALL.seconds() - start;
    }

    private static boolean merges(AttachedAdapter adapter) {
        try {
            adapter.attachment().merge();
            return true;
        } catch (ConfigurationException refused) {
            return false;
        }
    }
}
