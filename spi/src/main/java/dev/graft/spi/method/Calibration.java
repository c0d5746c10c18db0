package dev.graft.spi.method;

import java.util.List;

/**
 * A look at the data without learning from it: squared gradients, one example at a time, the diagonal of the empirical
 * Fisher information.
 *
 * @param when before the first step or after the last
 * @param examples how many examples of the training data to look at, drawn by the run's seed; all where there are fewer
 * @param parameters with respect to which gradients are taken, trained at that time or not; those of
 *     {@linkplain AttachContext#companions companions} as well
 * @param labels whose answers the loss is over
 */
public record Calibration(When when, int examples, List<Parameter> parameters, Labels labels) {
    /** The time of the look. */
    public enum When {
        /** Before the first step. A run that is resumed does not look again. */
        START,
        /** After the last step, before the adapter is saved. */
        END
    }

    /** Whose answers the loss of an example is over. */
    public enum Labels {
        /** Those of the data: the empirical Fisher information. */
        DATA,
        /**
         * Drawn from what the model itself predicts: an unbiased estimate of the Fisher information. The objective must
         * be able to, {@link dev.graft.spi.objective.Objective#samples}.
         */
        MODEL
    }

    /** A look with the answers of the data. */
    public Calibration(When when, int examples, List<Parameter> parameters) {
        this(when, examples, parameters, Labels.DATA);
    }

    /** Copies the list. */
    public Calibration {
        parameters = List.copyOf(parameters);
    }
}
