package dev.graft.spi.scorer;

import java.util.List;

/** Says what answers are worth. */
public interface Scorer extends AutoCloseable {
    /**
     * Scores answers.
     *
     * @return one number per answer, in order; higher is better
     * @throws dev.graft.spi.config.ConfigurationException if it cannot, saying why
     */
    double[] score(List<Answer> answers);

    /** Frees what it holds. */
    @Override
    default void close() {}
}
