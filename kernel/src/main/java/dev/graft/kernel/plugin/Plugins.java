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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The plugins that somebody can choose from: all that are there, or what a {@link PluginLease} sees. Where no version is
 * asked for, the newest is taken.
 */
public interface Plugins {
    /** All plugins by kind, id, and newest version first; a version that is pinned stands before all others. */
    List<Plugin> plugins();

    /** All plugins of a kind by id, and newest version first. */
    default List<Plugin> plugins(PluginKind kind) {
        return plugins().stream().filter(plugin -> plugin.kind() == kind).toList();
    }

    /**
     * A plugin by its id.
     *
     * @param name its id, or {@code id@version} for one version
     * @throws ConfigurationException if it is not there, with the nearest one that is, or a list of all
     */
    Plugin plugin(PluginKind kind, String name);

    /** The first plugin, by id and of each its newest version, that fits. */
    Optional<Plugin> find(PluginKind kind, Predicate<Plugin> fits);

    /** Keeps all plugins of a kind from being unloaded until what is returned is closed, for looking them through. */
    PluginLease keep(PluginKind kind);

    /** The plugin that is taken of each id where no version is asked for, by id. */
    default List<Plugin> newest(PluginKind kind) {
        Map<String, Plugin> newest = new TreeMap<>();
        plugins(kind).forEach(plugin -> newest.putIfAbsent(plugin.id(), plugin));
        return List.copyOf(newest.values());
    }

    /** An engine by its id. */
    default EngineProvider<?> engine(String name) {
        return (EngineProvider<?>) plugin(PluginKind.ENGINE, name).provider();
    }

    /** A method by its id. */
    default MethodProvider<?> method(String name) {
        return (MethodProvider<?>) plugin(PluginKind.METHOD, name).provider();
    }

    /** An objective by its id. */
    default ObjectiveProvider<?> objective(String name) {
        return (ObjectiveProvider<?>) plugin(PluginKind.OBJECTIVE, name).provider();
    }

    /** An optimizer by its id. */
    default OptimizerProvider<?> optimizer(String name) {
        return (OptimizerProvider<?>) plugin(PluginKind.OPTIMIZER, name).provider();
    }

    /** A quantizer by its id. */
    default QuantizerProvider<?> quantizer(String name) {
        return (QuantizerProvider<?>) plugin(PluginKind.QUANTIZER, name).provider();
    }

    /** A scorer by its id. */
    default ScorerProvider<?> scorer(String name) {
        return (ScorerProvider<?>) plugin(PluginKind.SCORER, name).provider();
    }

    /** The newest version of every method, by id. */
    default List<MethodProvider<?>> methods() {
        return newest(PluginKind.METHOD).stream()
                .<MethodProvider<?>>map(plugin -> (MethodProvider<?>) plugin.provider())
                .toList();
    }

    /** The newest version of every objective, by id. */
    default List<ObjectiveProvider<?>> objectives() {
        return newest(PluginKind.OBJECTIVE).stream()
                .<ObjectiveProvider<?>>map(plugin -> (ObjectiveProvider<?>) plugin.provider())
                .toList();
    }

    /** The newest version of every model family, by id. */
    default List<ModelProvider> models() {
        return newest(PluginKind.MODEL).stream()
                .map(plugin -> (ModelProvider) plugin.provider())
                .toList();
    }

    /** The newest version of every tokenizer, by id. */
    default List<TokenizerProvider> tokenizers() {
        return newest(PluginKind.TOKENIZER).stream()
                .map(plugin -> (TokenizerProvider) plugin.provider())
                .toList();
    }

    /**
     * The model family that understands a {@code model_type}.
     *
     * @throws ConfigurationException if none does, with those that are understood
     */
    default ModelProvider modelFor(String modelType) {
        return find(PluginKind.MODEL, plugin -> types(plugin).anyMatch(modelType::equals))
                .map(plugin -> (ModelProvider) plugin.provider())
                .orElseThrow(() -> new ConfigurationException("no model plugin understands model_type '" + modelType
                        + "'; "
                        + NearestName.suggestion(
                                modelType,
                                newest(PluginKind.MODEL).stream()
                                        .flatMap(Plugins::types)
                                        .sorted()
                                        .toList())));
    }

    private static Stream<String> types(Plugin model) {
        return ((ModelProvider) model.provider()).modelTypes().stream();
    }
}
