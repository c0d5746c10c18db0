package dev.graft.objectives.maskedlm;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;

/**
 * Configuration of masked-token prediction; keys are those of transformers' data collators.
 *
 * @param mlmProbability share of tokens to predict
 * @param maskReplaceProb share of these that are hidden
 * @param randomReplaceProb share of these that become random tokens
 * @param wholeWordMask whether words are chosen whole
 * @param text column of the text
 */
public record MaskedLmConfig(
        @Key(
                value = "Share of tokens (of words, with whole_word_mask) to predict",
                defaultsTo = "0.15",
                min = 0,
                max = 1)
        double mlmProbability,

        @Key(value = "Share of tokens to predict that become the mask token", defaultsTo = "0.8", min = 0, max = 1)
        double maskReplaceProb,

        @Key(
                value = "Share of tokens to predict that become a random token; the rest stay as they are",
                defaultsTo = "0.1",
                min = 0,
                max = 1)
        double randomReplaceProb,

        @Key(value = "Whether all tokens of a word are chosen together", defaultsTo = "false")
        boolean wholeWordMask,

        @Key(value = "Column of the text", defaultsTo = "text")
        String text) {

    /** Checks what one key says against another. */
    public MaskedLmConfig {
        if (!(mlmProbability > 0)) {
            throw new ConfigurationException(
                    "mlm_probability of masked-lm is " + mlmProbability + "; it must be above 0, at most 1");
        }
        if (maskReplaceProb + randomReplaceProb > 1 + 1e-9) {
            throw new ConfigurationException("mask_replace_prob and random_replace_prob of masked-lm add up to "
                    + (maskReplaceProb + randomReplaceProb) + "; they must add up to at most 1");
        }
    }
}
