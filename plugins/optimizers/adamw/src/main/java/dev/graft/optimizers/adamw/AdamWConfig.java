package dev.graft.optimizers.adamw;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of AdamW, with torch's names and defaults.
 *
 * @param betas decay of the first and of the second moment
 * @param eps added to the root of the second moment
 * @param weightDecay decoupled weight decay
 * @param amsgrad whether the step is divided by the largest second moment so far (Reddi et al. 2018)
 */
public record AdamWConfig(
        @Key(value = "Decay of the first and of the second moment", defaultsTo = "[0.9, 0.999]")
        List<Double> betas,

        @Key(value = "Added to the root of the second moment", defaultsTo = "1e-8", min = 0)
        double eps,

        @Key(value = "Decoupled weight decay", defaultsTo = "0.01", min = 0)
        double weightDecay,

        @Key(
                value = "Whether the step is divided by the largest second moment so far instead of the latest",
                defaultsTo = "false")
        boolean amsgrad) {
    /** Copies and checks the betas. */
    public AdamWConfig {
        betas = List.copyOf(betas);
        if (betas.size() != 2 || betas.stream().anyMatch(beta -> beta < 0 || beta >= 1)) {
            throw new ConfigurationException(
                    "betas is " + betas + " where two numbers of at least 0 and below 1 are needed");
        }
    }
}
