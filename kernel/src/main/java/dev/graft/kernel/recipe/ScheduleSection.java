package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;

/**
 * The learning rate over time.
 *
 * @param learningRate the highest rate
 * @param kind how it falls after warm-up
 * @param warmupSteps optimizer steps over which it rises linearly from 0; null = by {@code warmupRatio}
 * @param warmupRatio the same as a share of all steps
 * @param minRatio the lowest rate as a share of the highest
 * @param layerDecay factor from one block to the block below: a parameter of block {@code l} of {@code L} learns at
 *     {@code rate * layerDecay^(L - l)}; 1 = all alike
 */
public record ScheduleSection(
        @Key(value = "The highest learning rate", required = true, min = 0)
        double learningRate,

        @Key(value = "How the rate falls after warm-up", defaultsTo = "linear")
        Kind kind,

        @Key(value = "Optimizer steps over which the rate rises from 0; left out, warmup_ratio decides", min = 0)
        Integer warmupSteps,

        @Key(value = "Warm-up as a share of all steps", defaultsTo = "0", min = 0, max = 1)
        double warmupRatio,

        @Key(value = "The lowest rate as a share of the highest", defaultsTo = "0", min = 0, max = 1)
        double minRatio,

        @Key(
                value = "Factor on the learning rate from one block to the block below; 1 = all alike",
                defaultsTo = "1",
                min = 0,
                max = 1)
        double layerDecay) {

    /** How the rate falls after warm-up. */
    public enum Kind {
        /** In a straight line to the lowest rate at the last step. */
        LINEAR,
        /** Along half a cosine to the lowest rate at the last step. */
        COSINE,
        /** Not at all. */
        CONSTANT
    }
}
