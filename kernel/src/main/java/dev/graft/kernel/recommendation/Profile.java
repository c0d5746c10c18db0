package dev.graft.kernel.recommendation;

import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;

/**
 * What a person has and wants.
 *
 * @param task what the model's head is for
 * @param examples training examples
 * @param cost the most that the trained model may cost besides the base
 * @param memory bytes there are, or null where they are no matter
 * @param baseParameters parameters of the base, or null where it is not known
 */
public record Profile(Task task, long examples, Suitability.Cost cost, Long memory, Long baseParameters) {
    /** Single precision: a parameter or one of its companions. */
    private static final int SINGLE = 4;

    /** A frozen weight is held in one form for the forward and in one for the backward pass. */
    private static final int FORMS = 2;

    /** Value, gradient and two moments of an optimizer. */
    private static final int STATE = 4;

    /**
     * Bytes that weights and everything that learns take while a technique trains, activations left out; 0 where the base
     * is not known.
     */
    public long lasting(Suitability suitability) {
        if (baseParameters == null) {
            return 0;
        }
        double perParameter = SINGLE * (FORMS + STATE * suitability.trainingState());
        return Math.round(perParameter * baseParameters);
    }
}
