package dev.graft.spi.engine;

import dev.graft.spi.plugin.Provider;

/**
 * Offers an engine. Engines carry native libraries, so they sit on the launcher's class path and are never swapped
 * while the program runs.
 *
 * @param <C> the engine's configuration, for instance its number of threads
 */
public interface EngineProvider<C extends Record> extends Provider<C> {
    /**
     * Starts the engine.
     *
     * @throws IllegalStateException if its libraries cannot be loaded, with the reason
     */
    Engine create(C configuration);
}
