package dev.graft.spi.scorer;

import dev.graft.spi.plugin.Provider;

/**
 * Offers a scorer; a rule written in Java is one class of this kind and one that implements {@link Scorer}.
 *
 * @param <C> its configuration
 */
public interface ScorerProvider<C extends Record> extends Provider<C> {
    /**
     * A scorer, closed by the caller.
     *
     * <p>What is not there MUST be refused in one sentence here or at the first score (rule 15.06).
     *
     * @param judges opens models to score with
     * @throws dev.graft.spi.config.ConfigurationException if what it needs is not there
     */
    Scorer create(C configuration, Judges judges);
}
