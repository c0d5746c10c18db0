package dev.graft.kernel.testing;

import dev.graft.kernel.compose.FrozenWeights;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.WeightSource;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** The torch engine with the plugins of the class path. Closing it fails when an array was forgotten. */
public final class Bench implements AutoCloseable {
    private final PluginRegistry registry;
    private final Engine engine;
    private final GraftTensors tensors;

    /** A bench with the plugins that the thread's context class loader sees, those of the tests' own class path. */
    public Bench() {
        this(Thread.currentThread().getContextClassLoader());
    }

    /** A bench with the plugins of a class path, which holds that of the tests. */
    public Bench(ClassLoader classPath) {
        this(new ServiceLoaderHost(classPath).registry());
    }

    /** A bench with a method beside the plugins of the tests' class path, wherever it was loaded from. */
    public Bench(MethodProvider<?> method) {
        this(withMethod(method));
    }

    private Bench(PluginRegistry registry) {
        this.registry = registry;
        engine = start(registry.engine("torch"));
        tensors = new GraftTensors(engine);
    }

    private static PluginRegistry withMethod(MethodProvider<?> method) {
        PluginRegistry registry = new ServiceLoaderHost(Thread.currentThread().getContextClassLoader()).registry();
        boolean there = registry.plugins(PluginKind.METHOD).stream()
                .anyMatch(plugin -> plugin.provider().getClass().equals(method.getClass()));
        if (!there) {
            registry.add(Plugin.of(PluginKind.METHOD, method, "the test"));
        }
        return registry;
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

    /** A checkpoint in single precision, as it is. */
    public LoadedModel load(Path directory) {
        return load(directory, ModelLoader.Options.asStored());
    }

    /** A checkpoint in double precision, as it is, to check gradients. */
    public LoadedModel loadDouble(Path directory) {
        return load(directory, new ModelLoader.Options(DType.FLOAT64, null, 0, false, 0));
    }

    /** A checkpoint. */
    public LoadedModel load(Path directory, ModelLoader.Options options) {
        return new ModelLoader(registry, tensors).load(directory, options);
    }

    /** A model with random weights. */
    public LoadedModel random(CheckpointConfig config, Task task, int labels, long seed) {
        FrozenWeights.Policy policy = new FrozenWeights.Policy(DType.FLOAT32, true, 0.1, RandomStream.seeded(seed));
        FrozenWeights weights = new FrozenWeights(tensors, WeightSource.nothing("a random model"), policy);
        try {
            ModelContext context = new ModelContext(config, weights, task, labels, tensors);
            return new LoadedModel(
                    tensors, weights, registry.modelFor(config.modelType()).create(context));
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** Token ids and their mask, {@code [rows, length]}, as an input in the current scope. */
    public Input input(long[][] ids, long[][] mask) {
        return Input.of(integers(ids), integers(mask));
    }

    private Tensor integers(long[][] rows) {
        int length = rows[0].length;
        long[] flat = new long[rows.length * length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * length, length);
        }
        return tensors.of(flat, Shape.of(rows.length, length));
    }

    @Override
    public void close() {
        long left = engine.liveArrays();
        engine.close();
        if (left != 0) {
            throw new AssertionError(left + " arrays were not freed");
        }
    }
}
