package dev.graft.spi.scorer;

import java.util.List;

/** Says what answers are worth. */
public interface Scorer extends AutoCloseable {
    /**
     * Scores answers.
     *
     * <p>There MUST be one finite number per answer (rule 15.01), and none for none (rule 15.02). The same answers
     * MUST have the same scores every time (rule 15.03), whatever stands beside them (rule 15.04), and MUST stay as
     * they are (rule 15.05). An answer without text MUST get a number (rule 15.09), and one of more tokens than any
     * model reads MUST get one or be refused in one sentence (rule 15.10). Scorers of several threads, one each,
     * MUST say what they say alone (rule 15.08).
     *
     * @return one number per answer, in order; higher is better
     * @throws dev.graft.spi.config.ConfigurationException if it cannot, saying why
     */
    double[] score(List<Answer> answers);

    /**
     * Frees what it holds.
     *
     * <p>No array and no thread MUST be left, and closing again MUST do nothing (rule 15.07).
     */
    @Override
    default void close() {}
}
