package dev.graft.methods.prefix;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of prefix tuning, under the names of PEFT's {@code PrefixTuningConfig}.
 *
 * @param numVirtualTokens length of the prefix
 * @param prefixProjection whether the prefix learns through a network
 * @param encoderHiddenSize width of that network; null = as wide as the keys of one block
 * @param initWeights {@code zero}, or null for random values
 * @param initText text whose keys and values the prefix begins with; null = none
 * @param modulesToSave modules trained in full beside the prefix
 */
public record PrefixConfig(
        @Key(value = "Number of virtual tokens in front of every block's keys and values", defaultsTo = "20", min = 1)
        int numVirtualTokens,

        @Key(
                value = "Whether the prefix learns through a network of two layers (reparameterisation), which is"
                        + " dropped after training",
                defaultsTo = "true")
        boolean prefixProjection,

        @Key(value = "Width of that network; left out, the width of the keys of one block", min = 1)
        Integer encoderHiddenSize,

        @Key(
                value = "First values: zero for a prefix of zeros; left out, random ones",
                allowed = {"zero"})
        String initWeights,

        @Key("Text whose keys and values in the base the prefix begins with, repeated or cut to its length; only"
                + " without prefix_projection")
        String initText,

        @Key("Modules besides the prefix that are trained in full and saved; the head of a classifier always is")
        List<String> modulesToSave) {
    /**
     * Copies the list.
     *
     * @throws ConfigurationException if the first values are asked for in two ways, or are no text's
     */
    public PrefixConfig {
        modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
        if (initText != null && prefixProjection) {
            throw new ConfigurationException(
                    "init_text needs prefix_projection to be false, because a network cannot be"
                            + " made to give the keys and values of a text");
        }
        if (initText != null && initWeights != null) {
            throw new ConfigurationException(
                    "init_text and init_weights both say what the prefix begins with; one of them must be left out");
        }
    }
}
