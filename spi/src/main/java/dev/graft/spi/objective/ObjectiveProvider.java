package dev.graft.spi.objective;

import dev.graft.spi.plugin.Provider;
import java.util.Optional;

/**
 * Offers an objective.
 *
 * @param <C> its configuration
 */
public interface ObjectiveProvider<C extends Record> extends Provider<C> {
    /** An objective. */
    Objective create(C configuration);

    /**
     * What this kind of objective computes of a reference case: a folder of its id with the inputs and every value that a
     * reference implementation came to.
     *
     * @throws dev.graft.spi.config.ConfigurationException if the case lacks a value that is needed
     */
    default Optional<ReferenceCheck> check(ReferenceValues reference) {
        return Optional.empty();
    }
}
