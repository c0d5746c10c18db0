package dev.graft.spi.engine;

import dev.graft.spi.plugin.Provider;
import java.util.Optional;

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

    /**
     * An engine that holds no elements but counts what {@link #create}'s would hold; empty where there is none. Starting
     * it loads no native library.
     */
    default Optional<MeasuringEngine> measuring(C configuration) {
        return Optional.empty();
    }
}
