package dev.graft.methods.ewc;

import dev.graft.spi.config.Key;

/**
 * How earlier tasks are held on to.
 *
 * @param mode whether each earlier task is kept apart, or all in one
 * @param lambda how much earlier tasks weigh beside the present one
 * @param gamma share of the Fisher information of earlier tasks that is left when a task is added, online
 * @param fisher whose answers the Fisher information is estimated with
 * @param fisherExamples training examples that it is estimated from
 */
public record EwcConfig(
        @Key(
                value = "Whether every earlier task keeps its own values and Fisher information, or all share one that"
                        + " is brought up to date",
                defaultsTo = "separate")
        Mode mode,

        @Key(
                value = "How much earlier tasks weigh: the factor lambda of lambda/2 F (theta - theta*)^2",
                defaultsTo = "1000",
                min = 0)
        double lambda,

        @Key(
                value = "Online: share of the Fisher information so far that is left when that of a task is added",
                defaultsTo = "0.95",
                min = 0,
                max = 1)
        double gamma,

        @Key(
                value = "Whose answers the Fisher information is over: those of the data (empirical) or drawn from the"
                        + " model's own predictions (sampled)",
                defaultsTo = "empirical")
        Fisher fisher,

        @Key(value = "Training examples that the Fisher information is estimated from", defaultsTo = "1024", min = 1)
        int fisherExamples) {
    /** How several earlier tasks are kept. */
    public enum Mode {
        /** Each on its own (Kirkpatrick et al. 2017). */
        SEPARATE,
        /** All in one (Schwarz et al. 2018). */
        ONLINE
    }

    /** Whose answers the Fisher information is over. */
    public enum Fisher {
        /** Those of the data. */
        EMPIRICAL,
        /** Drawn from the model's predictions. */
        SAMPLED
    }
}
