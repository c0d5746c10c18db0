package dev.graft.kernel.data;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run learns from, step by step and without end. What comes when depends on the data, the seed and the position, and
 * where the model itself makes the data on the model, so a run that moves to a saved position goes on as if it had never
 * stopped. Not safe for use by several threads.
 */
public interface BatchSource {
    /** Gets ready what the next step needs, which may take a while and may fail; the position stays. */
    default void prepare() {}

    /**
     * The batches of the next step.
     *
     * @param most how many it may have; there are fewer where something ends that steps must not reach across
     */
    List<HostBatch> step(int most);

    /** Number of the epoch that the next batch belongs to, from 0. */
    long epoch();

    /** Number of the next batch within its epoch, from 0. */
    int index();

    /** Batches of an epoch. */
    int batchesPerEpoch();

    /**
     * Steps of an epoch.
     *
     * @param most how many batches a step may have
     */
    long stepsPerEpoch(int most);

    /**
     * Goes to a position.
     *
     * @throws IllegalArgumentException if there is no such batch, which means that the data set is another one
     */
    void moveTo(long newEpoch, int newIndex);

    /** Writes into a directory what beside the position is needed to go on from here. */
    default void write(Path directory) {}

    /**
     * Reads what {@link #write} wrote, before the source is moved to where it was then.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is missing or damaged
     */
    default void read(Path directory) {}
}
