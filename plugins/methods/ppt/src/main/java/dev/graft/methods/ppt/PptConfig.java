package dev.graft.methods.ppt;

import dev.graft.spi.config.Key;

/**
 * The soft prompt.
 *
 * @param numVirtualTokens number of virtual tokens; the paper has 100
 * @param deviation standard deviation of the normal distribution they begin with; null = that of the token table
 */
public record PptConfig(
        @Key(value = "Number of virtual tokens in front of the input", defaultsTo = "100", min = 1)
        int numVirtualTokens,

        @Key(
                value =
                        "Standard deviation of the random numbers that virtual tokens begin as before stage one; left out,"
                                + " that of the model's token vectors",
                min = 0)
        Double deviation) {}
