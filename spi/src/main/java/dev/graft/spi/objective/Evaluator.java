package dev.graft.spi.objective;

import java.util.Map;

/** Gathers figures over a data set. */
public interface Evaluator {
    /** Runs one batch, without gradients, and takes its figures in. */
    void add(Runner runner, Batch batch);

    /** The figures over everything taken in, in the order to show them; {@code loss} is always among them. */
    Map<String, Double> figures();
}
