package dev.graft.kernel.recipe;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.PluginRegistry;
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

/**
 * Makes what a recipe's sections name.
 *
 * @param registry the installed plugins
 */
public record PluginInstances(PluginRegistry registry) {
    /** Starts an engine. */
    public Engine engine(PluginSection section) {
        return engine(registry.engine(section.id()), section);
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
        return objective(registry.objective(section.id()), section);
    }

    /** A scorer. */
    public Scorer scorer(PluginSection section, Judges judges) {
        return scorer(registry.scorer(section.id()), section, judges);
    }

    /** A fresh optimizer. */
    public Optimizer optimizer(PluginSection section) {
        return optimizer(registry.optimizer(section.id()), section);
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
