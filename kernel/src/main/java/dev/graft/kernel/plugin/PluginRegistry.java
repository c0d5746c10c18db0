package dev.graft.kernel.plugin;

import dev.graft.kernel.config.NearestName;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The plugins that are there. Hosts add and remove them while the program runs; several versions of one plugin may be
 * there at once. Where no version is asked for, the newest is taken. Safe for use by several threads.
 */
public final class PluginRegistry {
    private static final Comparator<Plugin> LISTING = Comparator.comparing(Plugin::kind)
            .thenComparing(Plugin::id)
            .thenComparing(plugin -> PluginVersion.parse(plugin.version()), Comparator.reverseOrder());

    private final List<Plugin> plugins = new CopyOnWriteArrayList<>();
    private final Sinks.Many<PluginEvent> events = Sinks.many().replay().all();

    /**
     * Adds a plugin. A plugin of the same kind, id and version that is already there stays, and the new one is
     * reported as broken.
     *
     * @return whether it was added
     */
    public synchronized boolean add(Plugin plugin) {
        Optional<Plugin> same = plugins.stream()
                .filter(other -> other.kind() == plugin.kind()
                        && other.id().equals(plugin.id())
                        && other.version().equals(plugin.version()))
                .findFirst();
        if (same.isPresent()) {
            String reason = plugin + " is already there, from " + same.get().provenance();
            broken(plugin.kind(), plugin.provenance(), reason);
            return false;
        }
        plugins.add(plugin);
        events.emitNext(new PluginEvent.Added(plugin), Sinks.EmitFailureHandler.FAIL_FAST);
        return true;
    }

    /** Removes a plugin; nothing happens if it is not there. */
    public synchronized void remove(Plugin plugin) {
        if (plugins.remove(plugin)) {
            events.emitNext(new PluginEvent.Removed(plugin), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** Reports something that should be a plugin and cannot be used. */
    public synchronized void broken(PluginKind kind, String provenance, String reason) {
        events.emitNext(new PluginEvent.Broken(kind, provenance, reason), Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Everything that happened so far, then what happens from now on; never ends. */
    public Flux<PluginEvent> events() {
        return events.asFlux();
    }

    /** All plugins by kind, id, and newest version first. */
    public List<Plugin> plugins() {
        return plugins.stream().sorted(LISTING).toList();
    }

    /** All plugins of a kind by id, and newest version first. */
    public List<Plugin> plugins(PluginKind kind) {
        return plugins().stream().filter(plugin -> plugin.kind() == kind).toList();
    }

    /**
     * A plugin by its id.
     *
     * @param name its id, or {@code id@version} for one version
     * @throws ConfigurationException if it is not there, with the nearest one that is, or a list of all
     */
    public Plugin plugin(PluginKind kind, String name) {
        int at = name.indexOf('@');
        String id = at < 0 ? name : name.substring(0, at);
        List<Plugin> versions =
                plugins(kind).stream().filter(plugin -> plugin.id().equals(id)).toList();
        if (versions.isEmpty()) {
            throw unknown(kind, id);
        }
        String version = at < 0 ? versions.get(0).version() : name.substring(at + 1);
        return versions.stream()
                .filter(plugin -> plugin.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no version " + version + " of " + kind.text()
                        + " '" + id + "'; available: "
                        + String.join(
                                ", ", versions.stream().map(Plugin::version).toList())));
    }

    /** An engine by its id. */
    public EngineProvider<?> engine(String name) {
        return (EngineProvider<?>) plugin(PluginKind.ENGINE, name).provider();
    }

    /** A method by its id. */
    public MethodProvider<?> method(String name) {
        return (MethodProvider<?>) plugin(PluginKind.METHOD, name).provider();
    }

    /** An objective by its id. */
    public ObjectiveProvider<?> objective(String name) {
        return (ObjectiveProvider<?>) plugin(PluginKind.OBJECTIVE, name).provider();
    }

    /** An optimizer by its id. */
    public OptimizerProvider<?> optimizer(String name) {
        return (OptimizerProvider<?>) plugin(PluginKind.OPTIMIZER, name).provider();
    }

    /** A quantizer by its id. */
    public QuantizerProvider<?> quantizer(String name) {
        return (QuantizerProvider<?>) plugin(PluginKind.QUANTIZER, name).provider();
    }

    /** A scorer by its id. */
    public ScorerProvider<?> scorer(String name) {
        return (ScorerProvider<?>) plugin(PluginKind.SCORER, name).provider();
    }

    /** The newest version of every method, by id. */
    public List<MethodProvider<?>> methods() {
        return newest(PluginKind.METHOD).stream()
                .<MethodProvider<?>>map(plugin -> (MethodProvider<?>) plugin.provider())
                .toList();
    }

    /** The newest version of every objective, by id. */
    public List<ObjectiveProvider<?>> objectives() {
        return newest(PluginKind.OBJECTIVE).stream()
                .<ObjectiveProvider<?>>map(plugin -> (ObjectiveProvider<?>) plugin.provider())
                .toList();
    }

    /** The newest version of every model family, by id. */
    public List<ModelProvider> models() {
        return newest(PluginKind.MODEL).stream()
                .map(plugin -> (ModelProvider) plugin.provider())
                .toList();
    }

    /** The newest version of every tokenizer, by id. */
    public List<TokenizerProvider> tokenizers() {
        return newest(PluginKind.TOKENIZER).stream()
                .map(plugin -> (TokenizerProvider) plugin.provider())
                .toList();
    }

    /**
     * The model family that understands a {@code model_type}.
     *
     * @throws ConfigurationException if none does, with those that are understood
     */
    public ModelProvider modelFor(String modelType) {
        return models().stream()
                .filter(model -> model.modelTypes().contains(modelType))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("no model plugin understands model_type '" + modelType
                        + "'; "
                        + NearestName.suggestion(
                                modelType,
                                models().stream()
                                        .flatMap(model -> model.modelTypes().stream())
                                        .sorted()
                                        .toList())));
    }

    private List<Plugin> newest(PluginKind kind) {
        Map<String, Plugin> newest = new TreeMap<>();
        plugins(kind).forEach(plugin -> newest.putIfAbsent(plugin.id(), plugin));
        return List.copyOf(newest.values());
    }

    private ConfigurationException unknown(PluginKind kind, String id) {
        List<String> known = newest(kind).stream().map(Plugin::id).toList();
        String available = known.isEmpty() ? "none" : String.join(", ", known);
        String near = NearestName.to(id, known)
                .map(name -> "did you mean '" + name + "'? ")
                .orElse("");
        return new ConfigurationException(
                "there is no " + kind.text() + " '" + id + "'; " + near + "available: " + available);
    }
}
