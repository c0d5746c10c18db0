package dev.graft.optimizers.sgd;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;

/**
 * Configuration of stochastic gradient descent, with torch's names and defaults.
 *
 * @param momentum share of the last direction that is kept
 * @param dampening share of the gradient that is left out of the direction
 * @param nesterov whether the step looks ahead along the direction
 * @param weightDecay added to the gradient as a multiple of the parameter
 */
public record SgdConfig(
        @Key(value = "Share of the last direction that is kept", defaultsTo = "0", min = 0)
        double momentum,

        @Key(value = "Share of the gradient that is left out of the direction", defaultsTo = "0")
        double dampening,

        @Key(value = "Whether the step looks ahead along the direction", defaultsTo = "false")
        boolean nesterov,

        @Key(value = "Added to the gradient as a multiple of the parameter", defaultsTo = "0", min = 0)
        double weightDecay) {
    /** Checks that looking ahead has a direction to look along. */
    public SgdConfig {
        if (nesterov && (momentum <= 0 || dampening != 0)) {
            throw new ConfigurationException("nesterov needs a momentum above 0 and a dampening of 0, found momentum "
                    + momentum + " and dampening " + dampening);
        }
    }
}
