package dev.graft.standalone.evaluation;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.data.Unlabelled;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelJudges;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.Evaluation;
import dev.graft.kernel.train.Prediction;
import dev.graft.kernel.train.RunActor;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens a subject, evaluates or asks it, and closes it again. */
public final class Examination {
    private final PluginRegistry registry;
    private final DownloadListener downloads;

    /** An examination with the plugins of a registry. */
    public Examination(PluginRegistry registry, DownloadListener downloads) {
        this.registry = registry;
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
        try (PluginLease plugins = lease("evaluation", subject)) {
            Objective objective = new PluginInstances(plugins).objective(subject.objective());
            List<String> labels = DataLoader.labels(subject.data(), subject.seed(), objective);
            return open(plugins, subject, objective, labels, (tokenizer, model, adapters) -> {
                DataSets data = data(subject, labels, objective, tokenizer, model);
                EncodeContext context = new EncodeContext(
                        tokenizer, model.description(), subject.data().maxLength(), labels);
                List<HostBatch> batches = batches(subject, data.eval(), tokenizer, model, Draw.of(objective, context));
                try (Scorer scorer = scorer(plugins, subject, tokenizer, model)) {
                    RunActor actor = new RunActor(
                            model, adapters, tokenizer, scorer, subject.data().batchSize());
                    Map<String, Double> figures = Evaluation.run(
                            actor,
                            model.tensors(),
                            objective,
                            batches,
                            labels,
                            done -> progress.done(done, batches.size()));
                    return new Result(figures, data.eval().size(), data.notes());
                }
            });
        }
    }

    private PluginLease lease(String what, Subject subject) {
        return registry.lease(
                what + " of " + (subject.adapter() == null ? subject.model().path() : subject.adapter()));
    }

    private Scorer scorer(Plugins plugins, Subject subject, Tokenizer tokenizer, LoadedModel model) {
        if (subject.scorer() == null) {
            return null;
        }
        Path directory =
                ModelDirectory.find(subject.model().path(), subject.model().revision(), downloads);
        return new PluginInstances(plugins)
                .scorer(subject.scorer(), new ModelJudges(plugins, model, directory, tokenizer));
    }

    /**
     * What a subject answers to every record of its files.
     *
     * @param labels class names in the order of their ids, or null for those of the subject's data
     * @throws ConfigurationException if model, adapter and data cannot be read or do not fit together; if the objective
     *     gives no labels
     */
    public Answers answers(Subject subject, List<String> labels, Progress progress) {
        try (PluginLease plugins = lease("prediction", subject)) {
            Objective objective = new PluginInstances(plugins).objective(subject.objective());
            List<String> names = labels == null ? DataLoader.labels(subject.data(), subject.seed(), objective) : labels;
            Labeller labeller = objective
                    .labeller(names)
                    .orElseThrow(
                            () -> new ConfigurationException(
                                    "objective '"
                                            + subject.objective().id()
                                            + "' gives no labels; what can be predicted is the label of an objective such as classification"));
            return open(plugins, subject, objective, names, (tokenizer, model, adapters) -> {
                Unlabelled data = DataLoader.unlabelled(
                        subject.files(), subject.data(), names, objective, labeller, tokenizer, model.description());
                List<HostBatch> batches = batches(subject, data.examples(), tokenizer, model, Draw.nothing());
                List<float[]> probabilities =
                        Prediction.run(model, adapters, labeller, batches, done -> progress.done(done, batches.size()));
                return new Answers(labeller.labels(), data.records(), probabilities, data.notes());
            });
        }
    }

    /** What is done with what was opened. */
    private interface Work<T> {
        T with(Tokenizer tokenizer, LoadedModel model, List<AttachedAdapter> adapters);
    }

    private <T> T open(Plugins plugins, Subject subject, Objective objective, List<String> labels, Work<T> work) {
        Path directory =
                ModelDirectory.find(subject.model().path(), subject.model().revision(), downloads);
        ModelLoader.Options options = new ModelLoader.Options(
                subject.model().dtype(),
                objective.task(),
                DataLoader.outputs(objective, labels),
                subject.model().fromScratch(),
                subject.seed());
        try (Tokenizer tokenizer = ModelDirectory.tokenizer(plugins, directory);
                Engine engine = new PluginInstances(plugins).engine(subject.engine());
                LoadedModel model = new ModelLoader(plugins, new GraftTensors(engine)).load(directory, options)) {
            List<AttachedAdapter> adapters = adapters(plugins, subject, tokenizer, model);
            try {
                return work.with(tokenizer, model, adapters);
            } finally {
                adapters.forEach(AttachedAdapter::release);
            }
        }
    }

    private static List<AttachedAdapter> adapters(
            Plugins plugins, Subject subject, Tokenizer tokenizer, LoadedModel model) {
        if (subject.adapter() == null) {
            return List.of();
        }
        AdapterLoader loader = new AdapterLoader(plugins, tokenizer);
        return subject.task() == null
                ? loader.load(subject.adapter(), model)
                : loader.load(subject.adapter(), model, subject.task());
    }

    private static List<HostBatch> batches(
            Subject subject, List<Example> examples, Tokenizer tokenizer, LoadedModel model, Draw draw) {
        DataSection data = subject.data();
        int size = data.evalBatchSize() == null ? data.batchSize() : data.evalBatchSize();
        long seed = data.seed() == null ? subject.seed() : data.seed();
        return BatchStream.once(examples, size, DataLoader.padToken(tokenizer, model.description()), draw, seed);
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
