package dev.graft.spi.method;

import java.util.List;

/**
 * A look at the data without learning from it: squared gradients, one example at a time, the diagonal of the empirical
 * Fisher information.
 *
 * @param when before the first step or after the last
 * @param examples how many examples of the training data to look at; fewer where there are fewer
 * @param parameters with respect to which gradients are taken, trained at that time or not
 */
public record Calibration(When when, int examples, List<Parameter> parameters) {
    /** The time of the look. */
    public enum When {
        /** Before the first step. A run that is resumed does not look again. */
        START,
        /** After the last step, before the adapter is saved. */
        END
    }

    /** Copies the list. */
    public Calibration {
        parameters = List.copyOf(parameters);
    }
}
