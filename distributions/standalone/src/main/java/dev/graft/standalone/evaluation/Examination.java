package dev.graft.standalone.evaluation;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.Evaluation;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens a subject, evaluates it and closes it again. */
public final class Examination {
    private final PluginRegistry plugins;
    private final DownloadListener downloads;

    /** An examination with the plugins of a registry. */
    public Examination(PluginRegistry plugins, DownloadListener downloads) {
        this.plugins = plugins;
        this.downloads = downloads;
    }

    /**
     * What came out.
     *
     * @param figures in the order to show them
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
     * The figures of a subject.
     *
     * @throws ConfigurationException if model, adapter and data cannot be read or do not fit together
     */
    public Result figures(Subject subject, Progress progress) {
        PluginInstances instances = new PluginInstances(plugins);
        Objective objective = instances.objective(subject.objective());
        Path directory =
                ModelDirectory.find(subject.model().path(), subject.model().revision(), downloads);
        List<String> labels = DataLoader.labels(subject.data(), subject.seed(), objective);
        ModelLoader.Options options = new ModelLoader.Options(
                subject.model().dtype(),
                objective.task(),
                DataLoader.outputs(objective, labels),
                subject.model().fromScratch(),
                subject.seed());
        try (Tokenizer tokenizer = ModelDirectory.tokenizer(plugins, directory);
                Engine engine = instances.engine(subject.engine());
                LoadedModel model = new ModelLoader(plugins, new GraftTensors(engine)).load(directory, options)) {
            DataSets data = data(subject, labels, objective, tokenizer, model);
            DataSection section = subject.data();
            int size = section.evalBatchSize() == null ? section.batchSize() : section.evalBatchSize();
            EncodeContext context = new EncodeContext(tokenizer, model.description(), section.maxLength(), labels);
            List<HostBatch> batches = BatchStream.once(
                    data.eval(),
                    size,
                    DataLoader.padToken(tokenizer, model.description()),
                    Draw.of(objective, context),
                    section.seed() == null ? subject.seed() : section.seed());
            List<AttachedAdapter> adapters = subject.adapter() == null
                    ? List.of()
                    : new AdapterLoader(plugins, tokenizer).load(subject.adapter(), model);
            try {
                Map<String, Double> figures = Evaluation.run(
                        model, adapters, objective, batches, labels, done -> progress.done(done, batches.size()));
                return new Result(figures, data.eval().size(), data.notes());
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }
    }

    private static DataSets data(
            Subject subject, List<String> labels, Objective objective, Tokenizer tokenizer, LoadedModel model) {
        if (!subject.files().isEmpty()) {
            return DataLoader.evaluation(
                    subject.files(), subject.data(), labels, objective, tokenizer, model.description());
        }
        DataSets data = DataLoader.load(subject.data(), subject.seed(), objective, tokenizer, model.description());
        if (data.eval().isEmpty()) {
            throw new ConfigurationException(
                    "the run's recipe keeps no data for evaluation (data.eval or data.eval_fraction); --data FILE names some");
        }
        return data;
    }
}
