package dev.graft.tck.bench;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.FrozenWeights;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.WeightSource;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ScratchDirectory;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A running engine, the plugins around what is examined, and a folder for files; used by one examination at a time. */
public final class Bench implements AutoCloseable {
    private static final double DEVIATION = 0.1;

    private final PluginRegistry registry;
    private final long seed;
    private final Engine engine;
    private final GraftTensors tensors;
    private final ScratchDirectory folder = ScratchDirectory.create("graft-tck");
    private final Map<TinyModel, Path> checkpoints = new EnumMap<>(TinyModel.class);
    private int folders;

    /**
     * A bench.
     *
     * @param registry the plugins; what is examined is among them
     * @param engine id of the engine to run on
     * @param seed what all random numbers come from
     */
    public Bench(PluginRegistry registry, String engine, long seed) {
        this.registry = registry;
        this.seed = seed;
        this.engine = start(registry.engine(engine));
        this.tensors = new GraftTensors(this.engine);
    }

    private static <C extends Record> Engine start(EngineProvider<C> provider) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of(), "engine"));
    }

    /** The plugins. */
    public PluginRegistry registry() {
        return registry;
    }

    /** The engine. */
    public Engine engine() {
        return engine;
    }

    /** Makes tensors. */
    public GraftTensors tensors() {
        return tensors;
    }

    /** What all random numbers come from. */
    public long seed() {
        return seed;
    }

    /** Random numbers for a purpose. */
    public RandomStream random(String purpose) {
        return RandomStream.seeded(seed).fork(purpose);
    }

    /** A new empty folder. */
    public Path newFolder() {
        try {
            return Files.createDirectory(folder.path().resolve(String.valueOf(folders++)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The checkpoint of a tiny model. */
    public Path checkpoint(TinyModel tiny) {
        return checkpoints.computeIfAbsent(tiny, model -> {
            Path directory = newFolder();
            try (LoadedModel drawn = drawn(model)) {
                write(drawn, model.config(), directory);
            }
            return directory;
        });
    }

    /** A tiny model in single precision. */
    public LoadedModel load(TinyModel tiny) {
        return load(checkpoint(tiny), ModelLoader.Options.asStored());
    }

    /** A tiny model in double precision, to check gradients. */
    public LoadedModel loadDouble(TinyModel tiny) {
        return load(checkpoint(tiny), new ModelLoader.Options(DType.FLOAT64, null, 0, false, 0));
    }

    /** A checkpoint. */
    public LoadedModel load(Path directory, ModelLoader.Options options) {
        return new ModelLoader(registry, tensors).load(directory, options);
    }

    /** A tiny model whose weights were never on disk. */
    public LoadedModel drawn(TinyModel tiny) {
        return drawn(registry.modelFor(tiny.config().modelType()), tiny, tiny.config());
    }

    /** A model of a provider whose weights are drawn at random. */
    public LoadedModel drawn(ModelProvider provider, TinyModel tiny, CheckpointConfig config) {
        FrozenWeights.Policy policy = new FrozenWeights.Policy(DType.FLOAT32, true, DEVIATION, random("weights"));
        FrozenWeights weights = new FrozenWeights(tensors, WeightSource.nothing("a random model"), policy);
        try {
            ModelContext context = new ModelContext(config, weights, tiny.task(), tiny.labels(), tensors);
            return new LoadedModel(tensors, weights, provider.create(context));
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void write(LoadedModel model, CheckpointConfig config, Path directory) {
        Map<String, TensorData> values = new LinkedHashMap<>();
        try (Scope scope = tensors.scope()) {
            for (Weight weight : model.weights().all()) {
                values.put(weight.name(), EngineArrays.data(engine, ((ArrayTensor) weight.tensor()).array()));
            }
            CheckpointWriter.write(directory, config.asMap(), values, List.of(), CheckpointWriter.DEFAULT_SHARD_BYTES);
        }
    }

    @Override
    public void close() {
        engine.close();
        folder.close();
    }
}
