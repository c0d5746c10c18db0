package dev.graft.kernel.recipe;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginFailure;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.spi.engine.MeasuringEngine;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import java.util.function.Function;

/**
 * Makes what a recipe's sections name. What a plugin fails at, through no fault of the recipe, is a {@link PluginFailure}.
 *
 * @param registry the installed plugins
 */
public record PluginInstances(Plugins registry) {
    /** Starts an engine. */
    public Engine engine(PluginSection section) {
        return make(PluginKind.ENGINE, section, plugin -> engine((EngineProvider<?>) plugin.provider(), section));
    }

    /**
     * An engine that counts what the section's engine would hold.
     *
     * @throws ConfigurationException if that engine cannot tell
     */
    public MeasuringEngine measuring(PluginSection section) {
        return measuring(registry.engine(section.id()), section);
    }

    /** An objective. */
    public Objective objective(PluginSection section) {
        return make(
                PluginKind.OBJECTIVE, section, plugin -> objective((ObjectiveProvider<?>) plugin.provider(), section));
    }

    /** A scorer. */
    public Scorer scorer(PluginSection section, Judges judges) {
        return make(
                PluginKind.SCORER, section, plugin -> scorer((ScorerProvider<?>) plugin.provider(), section, judges));
    }

    /** A fresh optimizer. */
    public Optimizer optimizer(PluginSection section) {
        return make(
                PluginKind.OPTIMIZER, section, plugin -> optimizer((OptimizerProvider<?>) plugin.provider(), section));
    }

    private <T> T make(PluginKind kind, PluginSection section, Function<Plugin, T> create) {
        Plugin plugin = registry.plugin(kind, section.id());
        return PluginFailure.guard(plugin, () -> create.apply(plugin));
    }

    private static <C extends Record> Engine engine(EngineProvider<C> provider, PluginSection section) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), section.options(), "engine"));
    }

    private static <C extends Record> MeasuringEngine measuring(EngineProvider<C> provider, PluginSection section) {
        return provider.measuring(ConfigurationBinder.bind(provider.configuration(), section.options(), "engine"))
                .orElseThrow(() -> new ConfigurationException(
                        "engine '" + section.id() + "' cannot tell beforehand how much memory it takes"));
    }

    private static <C extends Record> Objective objective(ObjectiveProvider<C> provider, PluginSection section) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), section.options(), "objective"));
    }

    private static <C extends Record> Scorer scorer(ScorerProvider<C> provider, PluginSection section, Judges judges) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), section.options(), "scorer"), judges);
    }

    private static <C extends Record> Optimizer optimizer(OptimizerProvider<C> provider, PluginSection section) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), section.options(), "optimizer"));
    }
}
