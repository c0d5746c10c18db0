package dev.graft.standalone.model;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model in memory with the adapters that were asked for, each loaded once. Owns all of them, not the engine. */
public final class ModelSession implements AutoCloseable {
    private final PluginLease plugins;
    private final Path directory;
    private final LoadedModel model;
    private final Map<Path, List<AttachedAdapter>> adapters = new LinkedHashMap<>();
    private Tokenizer tokenizer;

    /**
     * Loads the model.
     *
     * @param purpose what it is for, for people who want to know what keeps a plugin
     * @throws dev.graft.spi.config.ConfigurationException if it cannot be read
     */
    public ModelSession(
            PluginRegistry plugins, String purpose, Engine engine, Path directory, ModelLoader.Options options) {
        this.plugins = plugins.lease(purpose + " " + directory);
        this.directory = directory;
        try {
            this.model = new ModelLoader(this.plugins, new GraftTensors(engine)).load(directory, options);
        } catch (RuntimeException | Error e) {
            this.plugins.close();
            throw e;
        }
    }

    /** The plugins that it keeps from being unloaded. */
    public Plugins plugins() {
        return plugins;
    }

    /** The model. */
    public LoadedModel model() {
        return model;
    }

    /** Its directory. */
    public Path directory() {
        return directory;
    }

    /** Its tokenizer, loaded on first use. */
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = ModelDirectory.tokenizer(plugins, directory);
        }
        return tokenizer;
    }

    /** Its configuration files. */
    public Checkpoint settings() {
        return Checkpoint.openWithoutWeights(directory);
    }

    /** The attachments of an adapter's directory, loaded on first use. */
    public List<AttachedAdapter> adapter(Path adapter) {
        Path key = adapter.toAbsolutePath().normalize();
        List<AttachedAdapter> known = adapters.get(key);
        if (known == null) {
            boolean readable = plugins.find(PluginKind.TOKENIZER, this::reads).isPresent();
            known = new AdapterLoader(plugins, readable ? tokenizer() : null).load(adapter, model);
            adapters.put(key, known);
        }
        return known;
    }

    private boolean reads(Plugin tokenizer) {
        return ((TokenizerProvider) tokenizer.provider()).supports(directory);
    }

    @Override
    public void close() {
        List<List<AttachedAdapter>> all = new ArrayList<>(adapters.values());
        adapters.clear();
        all.forEach(adapter -> adapter.forEach(AttachedAdapter::release));
        if (tokenizer != null) {
            tokenizer.close();
        }
        model.close();
        plugins.close();
    }
}
