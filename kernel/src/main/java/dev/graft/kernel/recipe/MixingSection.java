package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;

/**
 * How the tasks of one run are mixed.
 *
 * @param sampling how many batches of an epoch are each task's
 * @param temperature with sampling by temperature, 1 = by size; the larger, the more equal
 * @param weighting what the loss of each task counts
 * @param gradientAccumulation batches of one optimizer step, whichever tasks they belong to
 */
public record MixingSection(
        @Key(value = "How many batches of an epoch are each task's", defaultsTo = "proportional")
        Sampling sampling,

        @Key(
                value =
                        "With sampling: temperature, shares go by size to the power of 1 over it: 1 = by size; the larger, the"
                                + " more equal",
                defaultsTo = "2",
                min = 1)
        double temperature,

        @Key(value = "What the loss of each task counts", defaultsTo = "fixed")
        Weighting weighting,

        @Key(value = "Batches of one optimizer step, whichever tasks they belong to", defaultsTo = "1", min = 1)
        int gradientAccumulation) {

    /** How many batches of an epoch are each task's. */
    public enum Sampling {
        /** As many as its data make. */
        PROPORTIONAL,
        /** As many as any other's. */
        EQUAL,
        /** By the size of its data to the power of one over the temperature. */
        TEMPERATURE
    }

    /** What the loss of each task counts. */
    public enum Weighting {
        /** The weight of its section. */
        FIXED,
        /** What is learnt along, by how uncertain the task is. */
        UNCERTAINTY
    }

    /** By size, with the weights of the sections. */
    public static MixingSection standard() {
        return new MixingSection(Sampling.PROPORTIONAL, 2, Weighting.FIXED, 1);
    }
}
