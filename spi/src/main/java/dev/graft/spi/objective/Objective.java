package dev.graft.spi.objective;

import dev.graft.spi.model.Task;
import java.util.Optional;

/** What training minimises. */
public interface Objective {
    /** The head it needs. */
    Task task();

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
}
