package dev.graft.standalone.command;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import java.util.Map;

/** Starts engines for commands that run without a recipe. */
final class Engines {
    private Engines() {}

    /**
     * Starts an engine with its defaults.
     *
     * @throws dev.graft.spi.config.ConfigurationException if there is no such engine
     */
    static Engine start(PluginRegistry plugins, String id) {
        return start(plugins.engine(id), Map.of());
    }

    private static <C extends Record> Engine start(EngineProvider<C> provider, Map<String, Object> options) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), options, "engine"));
    }
}
