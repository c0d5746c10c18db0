package dev.graft.spi.scorer;

import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;

/** A model with a head per sequence. */
public interface Judge extends AutoCloseable {
    /** Its tokenizer, which stays the judge's. */
    Tokenizer tokenizer();

    /** Names of its outputs in order, as its checkpoint calls them; empty where it names none. */
    List<String> labels();

    /** Number of its outputs. */
    int outputs();

    /** Longest sequence it reads, in tokens; 0 = no limit. */
    int maxPositions();

    /**
     * Runs the model.
     *
     * @param sequences token ids, each at least one
     * @return for each sequence its outputs, before any softmax
     */
    float[][] outputs(List<int[]> sequences);

    /** Frees what it does not share. */
    @Override
    void close();
}
