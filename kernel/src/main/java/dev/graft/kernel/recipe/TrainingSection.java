package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;

/**
 * How long to train, how often to evaluate and save. Steps are optimizer steps.
 *
 * @param epochs passes over the data; null where {@code steps} is given
 * @param steps optimizer steps; null where {@code epochs} is given
 * @param seed decides everything random: first values, order of data, dropout
 * @param clipNorm greatest norm of all gradients together, or 0 for no limit
 * @param gradientCheckpointing whether blocks are computed again in the backward pass instead of kept, which takes
 *     less memory and more time
 * @param evaluateFirst whether to evaluate before the first step
 * @param evaluateEvery steps between evaluations; null = after each epoch
 * @param saveEvery steps between checkpoints to resume from; null = after each epoch
 * @param keep number of checkpoints kept
 * @param logEvery steps between lines of metrics
 * @param keepBest whether the run ends with the parameters of its best evaluation instead of the last
 * @param earlyStopping when to stop before the end; null = never
 */
public record TrainingSection(
        @Key(value = "Passes over the data; may be a fraction", min = 0)
        Double epochs,

        @Key(value = "Optimizer steps, instead of epochs", min = 1)
        Long steps,

        @Key(value = "Decides everything random: first values, order of data, dropout", defaultsTo = "42")
        long seed,

        @Key(value = "Greatest norm of all gradients together; 0 = no limit", defaultsTo = "1", min = 0)
        double clipNorm,

        @Key(
                value = "Whether blocks are computed again in the backward pass: less memory, more time",
                defaultsTo = "false")
        boolean gradientCheckpointing,

        @Key(value = "Whether to evaluate before the first step", defaultsTo = "true")
        boolean evaluateFirst,

        @Key(value = "Steps between evaluations; left out, after each epoch", min = 1)
        Integer evaluateEvery,

        @Key(value = "Steps between checkpoints to resume from; left out, after each epoch", min = 1)
        Integer saveEvery,

        @Key(value = "Number of checkpoints kept", defaultsTo = "2", min = 1)
        int keep,

        @Key(value = "Steps between lines of metrics", defaultsTo = "1", min = 1)
        int logEvery,

        @Key(
                value = "Whether the run ends with the parameters of its best evaluation instead of the last",
                defaultsTo = "false")
        boolean keepBest,

        @Key("When to stop before the end; left out, never") EarlyStopping earlyStopping) {

    /**
     * Stops when evaluation no longer improves.
     *
     * @param patience evaluations without improvement before stopping
     * @param metric figure to watch
     * @param higherIsBetter whether larger figures are better, as for accuracy
     * @param minImprovement what counts as an improvement
     */
    public record EarlyStopping(
            @Key(value = "Evaluations without improvement before stopping", defaultsTo = "3", min = 1)
            int patience,

            @Key(value = "Figure to watch", defaultsTo = "loss")
            String metric,

            @Key(value = "Whether larger figures are better, as for accuracy", defaultsTo = "false")
            boolean higherIsBetter,

            @Key(value = "Smallest change that counts as an improvement", defaultsTo = "0", min = 0)
            double minImprovement) {}
}
