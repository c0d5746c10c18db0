package dev.graft.benchmarks;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A decoder with random weights and LoRA adapters, made by the installed plugins as a recipe would make them. */
final class Bench implements AutoCloseable {
    private final PluginInstances plugins;
    private final Engine engine;
    private final LoadedModel model;
    private final List<AttachedAdapter> adapters = new ArrayList<>();

    private Bench(PluginInstances plugins, Engine engine, LoadedModel model) {
        this.plugins = plugins;
        this.engine = engine;
        this.model = model;
    }

    /** Draws the weights. */
    static Bench open(DecoderSizes sizes, DType dtype) {
        PluginRegistry registry = new ServiceLoaderHost(Bench.class.getClassLoader()).registry();
        PluginInstances plugins = new PluginInstances(registry);
        Engine engine = plugins.engine(PluginSection.of("torch"));
        try {
            Path directory = Files.createTempDirectory("graft-benchmark");
            try {
                sizes.write(directory);
                ModelLoader.Options options = new ModelLoader.Options(dtype, Task.CAUSAL_LM, 0, true, 0);
                LoadedModel model = new ModelLoader(registry, new GraftTensors(engine)).load(directory, options);
                return new Bench(plugins, engine, model);
            } finally {
                Files.delete(directory.resolve("config.json"));
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Attaches LoRA, with alpha 16 and single-precision parameters.
     *
     * @param targets layers that are adapted
     * @param start PEFT's {@code init_lora_weights}
     */
    AttachedAdapter adapt(String name, int rank, List<String> targets, String start) {
        Map<String, Object> options =
                Map.of("r", rank, "lora_alpha", 16, "target_modules", targets, "init_lora_weights", start);
        AttachedAdapter adapter = adapt(plugins.registry().method("lora"), name, options);
        adapters.add(adapter);
        return adapter;
    }

    private <C extends Record> AttachedAdapter adapt(MethodProvider<C> lora, String name, Map<String, Object> options) {
        C configuration = ConfigurationBinder.bind(lora.configuration(), options, "lora");
        return AdapterBuilder.attach(model, lora, configuration, AdapterBuilder.Setting.fresh(name, 0));
    }

    LoadedModel model() {
        return model;
    }

    PluginInstances plugins() {
        return plugins;
    }

    /** Number of elements of the frozen weights. */
    long parameters() {
        return model.weights().elements();
    }

    @Override
    public void close() {
        adapters.forEach(AttachedAdapter::release);
        model.close();
        engine.close();
    }
}
