package dev.graft.methods.sparse;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;

/**
 * Which elements of the base learn.
 *
 * @param mask how they are chosen
 * @param density the share of the targeted elements that learns
 * @param targetModules the modules whose elements may be chosen; null = every linear layer but the head
 * @param excludeModules modules left out again; null = none
 * @param biases whether biases of these modules are targeted as well
 * @param fisherExamples examples that the Fisher information is estimated from
 * @param trialFraction share of the steps that the trial run takes
 * @param seed seed of a random mask; null = follows the recipe's
 */
public record SparseConfig(
        @Key(
                value =
                        "How the elements that learn are chosen: at random, by Fisher information, or by their change in"
                                + " a trial run",
                defaultsTo = "fisher")
        Mask mask,

        @Key(value = "Share of the targeted elements that learns", defaultsTo = "0.005", min = 1e-12, max = 1)
        double density,

        @Key("Modules whose elements may be chosen: a list of names or their endings, a regular expression, or"
                + " all-linear, which is also the default: every linear layer but the head")
        Choice targetModules,

        @Key("Modules left out again: a list of names or their endings, or a regular expression")
        Choice excludeModules,

        @Key(value = "Whether biases of these modules may be chosen beside weights", defaultsTo = "false")
        boolean biases,

        @Key(
                value = "Fisher mask: training examples that the Fisher information is estimated from",
                defaultsTo = "1024",
                min = 1)
        int fisherExamples,

        @Key(
                value =
                        "Lottery-ticket mask: share of the steps in which all targeted elements learn before the mask is"
                                + " chosen",
                defaultsTo = "0.5",
                min = 0.001,
                max = 0.999)
        double trialFraction,

        @Key("Random mask: its seed; left out, it follows training.seed")
        Long seed) {
    /** How the elements that learn are chosen. */
    public enum Mask {
        /** At random. */
        RANDOM,
        /** Those with the largest diagonal Fisher information (Sung et al. 2021). */
        FISHER,
        /** Those that change most when all of them learn (Ansell et al. 2022). */
        LOTTERY_TICKET
    }
}
