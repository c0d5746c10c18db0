package dev.graft.spi.optimizer;

import dev.graft.spi.plugin.Provider;

/**
 * Offers an optimizer.
 *
 * @param <C> its configuration; the learning rate is not part of it but of the recipe's schedule
 */
public interface OptimizerProvider<C extends Record> extends Provider<C> {
    /** A fresh optimizer. */
    Optimizer create(C configuration);
}
