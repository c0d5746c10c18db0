package dev.graft.spi.objective;

import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Answers records whose label is not known.
 *
 * <p>The probabilities of a record MUST sum to 1, and the label that stands there MUST NOT be read (rule 13.23).
 */
public interface Labeller {
    /** Names of the labels, in the order of their probabilities; one beyond them is called by its number. */
    List<String> labels();

    /**
     * Turns a record into an example. Its label, if it has one, is not read.
     *
     * @throws dev.graft.spi.config.ConfigurationException if the record is wrong, naming its source and the column
     */
    Example encode(DataRecord record, EncodeContext context);

    /**
     * How likely each label is for each example of a batch.
     *
     * @return {@code [examples, labels]}, every row of which sums up to 1
     */
    Tensor probabilities(Runner runner, Batch batch);
}
