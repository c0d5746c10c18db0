package dev.graft.methods.diffpruning;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;

/**
 * How the difference to the base is made sparse.
 *
 * @param density the share of the targeted elements that differs in the end
 * @param structured whether each parameter has a gate of its own beside those of its elements
 * @param fixmaskFraction share of the steps after the difference was cut to its density
 * @param penalty weight of the expected number of elements that differ
 * @param alphaInit first value of every log-alpha
 * @param temperature sharpness of the gates
 * @param stretchLow lower end of the stretched gates
 * @param stretchHigh upper end of the stretched gates
 * @param targetModules the modules that may differ; null = every linear layer but the head
 * @param excludeModules modules left out again; null = none
 * @param biases whether biases of these modules may differ as well
 */
public record DiffPruningConfig(
        @Key(
                value = "Share of the targeted elements that differs from the base in the end",
                defaultsTo = "0.005",
                min = 1e-12,
                max = 1)
        double density,

        @Key(
                value = "Whether each weight matrix and bias has a gate of its own, by which those of its elements are"
                        + " multiplied",
                defaultsTo = "true")
        boolean structured,

        @Key(
                value = "Share of the steps after the difference was cut to its density, in which what is left learns"
                        + " without gates",
                defaultsTo = "0.5",
                min = 0,
                max = 0.999)
        double fixmaskFraction,

        @Key(
                value = "Weight of the expected number of elements that differ, which is added to the loss",
                defaultsTo = "1.25e-7",
                min = 0)
        double penalty,

        @Key(value = "First value of every log-alpha; at 5 nearly every gate is open", defaultsTo = "5")
        double alphaInit,

        @Key(
                value = "Temperature of the gates: the lower, the closer they are to 0 and 1",
                defaultsTo = "1",
                min = 0.01)
        double temperature,

        @Key(value = "Lower end of the stretched gates, below 0", defaultsTo = "-1.5", max = -1e-3)
        double stretchLow,

        @Key(value = "Upper end of the stretched gates, above 1", defaultsTo = "1.5", min = 1.001)
        double stretchHigh,

        @Key("Modules that may differ: a list of names or their endings, a regular expression, or all-linear, which is"
                + " also the default: every linear layer but the head")
        Choice targetModules,

        @Key("Modules left out again: a list of names or their endings, or a regular expression")
        Choice excludeModules,

        @Key(value = "Whether biases of these modules may differ beside weights", defaultsTo = "false")
        boolean biases) {
    /**
     * Checks what no single key's range says.
     *
     * @throws ConfigurationException if {@code alphaInit} is no number
     */
    public DiffPruningConfig {
        if (!Double.isFinite(alphaInit)) {
            throw new ConfigurationException("alpha_init is " + alphaInit + "; it must be a finite number");
        }
    }

    /** The distribution of the gates. */
    HardConcrete gates() {
        return new HardConcrete(temperature, stretchLow, stretchHigh);
    }
}
