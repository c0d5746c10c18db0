package dev.graft.spi.objective;

/**
 * In what portions an objective learns from what the model itself answers: so many examples of the data are answered, what
 * came out is learnt from in so many passes, then the next are answered by what the model has become.
 *
 * @param prompts examples of one portion, at least 1; the last portion of a pass over the data may have fewer
 * @param passes passes over the experience of a portion, at least 1
 */
public record Rollouts(int prompts, int passes) {
    /** Checks that there is something to do. */
    public Rollouts {
        if (prompts < 1 || passes < 1) {
            throw new IllegalArgumentException(
                    "rollouts of " + prompts + " prompts with " + passes + " passes; both must be at least 1");
        }
    }
}
