package dev.graft.kernel.model;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.compose.FrozenWeights;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens Hugging Face checkpoints with whatever installed plugin knows their architecture. */
public final class ModelLoader {
    /**
     * How to open a model.
     *
     * @param dtype how floating-point weights are kept; null = as stored
     * @param task what the head must be for; null = what the checkpoint's architecture says
     * @param labels number of classes of a classification head; 0 = what the checkpoint says
     * @param fromScratch whether weights are drawn at random instead of read
     * @param seed seed of what is drawn at random
     */
    public record Options(DType dtype, Task task, int labels, boolean fromScratch, long seed) {
        /** The model as it is, in single precision. */
        public static Options asStored() {
            return new Options(DType.FLOAT32, null, 0, false, 0);
        }
    }

    private final Plugins registry;
    private final GraftTensors tensors;

    /** A loader for one engine. */
    public ModelLoader(Plugins registry, GraftTensors tensors) {
        this.registry = registry;
        this.tensors = tensors;
    }

    /**
     * Opens a model.
     *
     * @throws ConfigurationException if no plugin knows the architecture, or config and weights do not fit together
     */
    public LoadedModel load(Path directory, Options options) {
        Checkpoint checkpoint =
                options.fromScratch() ? Checkpoint.openWithoutWeights(directory) : Checkpoint.open(directory);
        FrozenWeights weights = weights(checkpoint, options);
        try {
            ModelProvider provider = registry.modelFor(checkpoint.config().modelType());
            Task task = options.task() != null ? options.task() : task(provider, checkpoint.config());
            int labels = options.labels() > 0 ? options.labels() : labels(checkpoint.config());
            Model model = provider.create(new ModelContext(checkpoint.config(), weights, task, labels, tensors));
            return new LoadedModel(tensors, weights, model);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * The weights of an open model under another head, without a second copy of them. A head that the checkpoint lacks is
     * its own.
     *
     * @param base stays the caller's; must be closed after what is returned
     * @param directory where it was loaded from
     * @param labels number of outputs of the head; 0 = what the checkpoint says
     * @throws ConfigurationException if the architecture has no such head
     */
    public LoadedModel sibling(LoadedModel base, Path directory, Task task, int labels) {
        try (Checkpoint checkpoint = Checkpoint.openWithoutWeights(directory)) {
            CheckpointConfig config = checkpoint.config();
            ModelProvider provider = registry.modelFor(config.modelType());
            int outputs = labels > 0 ? labels : labels(config);
            return base.sharing(
                    provider.create(new ModelContext(config, base.weights().scope(), task, outputs, base.tensors())));
        }
    }

    /** The task that a checkpoint's architecture stands for. */
    public Task task(CheckpointConfig config) {
        return task(registry.modelFor(config.modelType()), config);
    }

    private FrozenWeights weights(Checkpoint checkpoint, Options options) {
        try {
            return new FrozenWeights(tensors, new CheckpointSource(checkpoint), policy(checkpoint.config(), options));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static FrozenWeights.Policy policy(CheckpointConfig config, Options options) {
        double deviation = config.number("initializer_range", 0.02);
        return new FrozenWeights.Policy(
                options.dtype(),
                options.fromScratch(),
                deviation,
                RandomStream.seeded(options.seed()).fork("weights"));
    }

    private static Task task(ModelProvider provider, CheckpointConfig config) {
        List<String> architectures = config.architectures();
        if (architectures.isEmpty()) {
            return Task.FEATURE_EXTRACTION;
        }
        Optional<Task> task = provider.task(architectures.get(0));
        return task.orElseThrow(() -> new ConfigurationException(
                "the architecture " + architectures.get(0) + " is not one that plugin '" + provider.id() + "' builds"));
    }

    /** The number of classes as transformers counts it: the entries of id2label, or two. */
    private static int labels(CheckpointConfig config) {
        Object names = config.asMap().get("id2label");
        if (names instanceof Map<?, ?> map && !map.isEmpty()) {
            return map.size();
        }
        return config.integer("num_labels", 2);
    }
}
