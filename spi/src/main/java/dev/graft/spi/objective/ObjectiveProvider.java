package dev.graft.spi.objective;

import dev.graft.spi.plugin.Provider;

/**
 * Offers an objective.
 *
 * @param <C> its configuration
 */
public interface ObjectiveProvider<C extends Record> extends Provider<C> {
    /** An objective. */
    Objective create(C configuration);
}
