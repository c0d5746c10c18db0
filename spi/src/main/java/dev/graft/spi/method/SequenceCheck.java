package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;
import java.util.Map;
import java.util.function.Function;

/**
 * How a method that looks back on an earlier task is held against a reference case: it looks at every example of the
 * first task, is kept and taken up again, and takes part in training on the second.
 *
 * @param learner id of the method whose parameters learn, with its default configuration
 * @param options the method's own keys
 * @param first what the case puts before {@code input_ids}, {@code attention_mask} and {@code labels} of the first task
 * @param second what it puts before those of the second
 * @param known what an attachment knows after its look, by the names that the case may have for it; in the current scope
 * @param losses the case's name for the losses before each step, penalties left out
 * @param penalties the case's name for the penalties before each step
 */
public record SequenceCheck(
        String learner,
        Map<String, Object> options,
        String first,
        String second,
        Function<Attachment, Map<String, Tensor>> known,
        String losses,
        String penalties) {
    /** Copies the map. */
    public SequenceCheck {
        options = Map.copyOf(options);
    }
}
