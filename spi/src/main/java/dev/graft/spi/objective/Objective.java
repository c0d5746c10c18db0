package dev.graft.spi.objective;

import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Optional;

/** What training minimises. */
public interface Objective {
    /** The head it needs. */
    Task task();

    /**
     * Rearranges the records of a data set before each is encoded: draws negatives, pairs, demonstrations. The same
     * random numbers give the same records.
     *
     * @param records training or evaluation records
     * @param training the training records as they were read, to draw from
     */
    default List<DataRecord> prepare(List<DataRecord> records, List<DataRecord> training, RandomStream random) {
        return records;
    }

    /**
     * Turns a record into an example.
     *
     * @return empty where the record holds nothing to learn from, which is counted and reported
     * @throws dev.graft.spi.config.ConfigurationException if the record is wrong, naming its source and the column
     */
    Optional<Example> encode(DataRecord record, EncodeContext context);

    /** Whether several examples may share one row, kept apart by {@code segments}. */
    default boolean packable() {
        return false;
    }

    /** The loss of a batch. */
    Loss loss(Runner runner, Batch batch);

    /** A fresh evaluator. */
    Evaluator evaluator();

    /**
     * A fresh evaluator that calls classes by their names.
     *
     * @param labels class names in the order of their ids, as {@link #encode} was given them; empty where there are none
     */
    default Evaluator evaluator(List<String> labels) {
        return evaluator();
    }

    /**
     * What answers records whose label is not known; empty where the objective has no labels to give.
     *
     * @param labels class names in the order of their ids; empty where there are none
     */
    default Optional<Labeller> labeller(List<String> labels) {
        return Optional.empty();
    }
}
