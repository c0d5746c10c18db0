package dev.graft.spi.objective;

import java.util.Map;

/**
 * Gathers figures over a data set.
 *
 * <p>A fresh one MUST give the same figures for the same data (rule 13.20), however they were cut into batches
 * unless its objective declares otherwise (rule 13.21). Without data it MUST give its figures, too (rule 13.22).
 */
public interface Evaluator {
    /** Runs one batch, without gradients, and takes its figures in. */
    void add(Runner runner, Batch batch);

    /** The figures over everything taken in, in the order to show them; {@code loss} is always among them. */
    Map<String, Double> figures();
}
