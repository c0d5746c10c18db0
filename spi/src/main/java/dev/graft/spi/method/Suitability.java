package dev.graft.spi.method;

import dev.graft.spi.model.Task;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * When a technique is a good choice, in a form that a program can compare. The figures are rules of thumb that go with
 * {@link dev.graft.spi.plugin.Documentation#choose}, not limits that anybody enforces.
 *
 * @param tasks what it is good for
 * @param fewestExamples training examples from which on it does well
 * @param mostExamples training examples up to which it is worth choosing; {@link #NO_LIMIT} for any number
 * @param strength how near it comes to training everything where data is plentiful, from 0 to 1
 * @param cost what it costs when the trained model is used
 * @param trainingState numbers that learn while training runs for every parameter of the base, at most: 1 where
 *     everything learns, near 0 where little is added
 * @param needs what has to be there before it can be used on its own, for instance a first stage; empty for nothing
 * @param keys its section of a first recipe, by key, where the defaults would not do
 * @param learningRate a learning rate to begin with
 */
public record Suitability(
        Set<Task> tasks,
        long fewestExamples,
        long mostExamples,
        double strength,
        Cost cost,
        double trainingState,
        String needs,
        Map<String, Object> keys,
        double learningRate) {
    /** More examples are always welcome. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    /** What a trained model costs besides the base, cheapest first. */
    public enum Cost {
        /** Nothing: it can be merged into the base. */
        NOTHING,
        /** A few tokens more in front of every text. */
        LONGER_TEXTS,
        /** Further work in every block. */
        WORK_IN_BLOCKS
    }

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if a figure is out of its range
     */
    public Suitability {
        tasks = Set.copyOf(tasks);
        keys = Map.copyOf(keys);
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(needs, "needs");
        if (fewestExamples < 0 || mostExamples < fewestExamples) {
            throw new IllegalArgumentException(
                    "examples from " + fewestExamples + " to " + mostExamples + " are no range");
        }
        if (!(strength >= 0 && strength <= 1) || !(trainingState >= 0) || !(learningRate > 0)) {
            throw new IllegalArgumentException("strength must lie in [0, 1], training state be 0 at least and the"
                    + " learning rate positive, but they are " + strength + ", " + trainingState + " and "
                    + learningRate);
        }
    }

    /** Whether it does well with that many training examples. */
    public boolean fits(long examples) {
        return examples >= fewestExamples && examples <= mostExamples;
    }
}
