package dev.graft.methods.prompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.Map;

/**
 * How many virtual tokens there are and what they begin as; the keys of PEFT's {@code PROMPT_TUNING}.
 *
 * @param numVirtualTokens number of virtual tokens
 * @param promptTuningInit what they begin as
 * @param promptTuningInitText the text of {@code TEXT}; null otherwise
 * @param tokenizerNameOrPath what PEFT reads a tokenizer from to begin with the text again; null = the base model
 * @param tokenizerKwargs what PEFT opens that tokenizer with
 */
public record PromptConfig(
        @Key(value = "Number of virtual tokens in front of the input", required = true, min = 1)
        int numVirtualTokens,

        @Key(
                value = "What the virtual tokens begin as: RANDOM numbers of a standard normal distribution, the"
                        + " embeddings of a TEXT, or those of tokens drawn from the vocabulary (SAMPLE_VOCAB)",
                defaultsTo = "RANDOM",
                allowed = {"RANDOM", "TEXT", "SAMPLE_VOCAB"})
        String promptTuningInit,

        @Key("The text to begin with, where prompt_tuning_init is TEXT; repeated or cut to num_virtual_tokens")
        String promptTuningInitText,

        @Key("What PEFT reads the tokenizer from; Graft takes the base model's whatever this says")
        String tokenizerNameOrPath,

        @Key("What PEFT opens that tokenizer with; kept in files, and refused for new adapters")
        Map<String, Object> tokenizerKwargs) {
    /**
     * Copies the map.
     *
     * @throws ConfigurationException if a text is missing or has no use
     */
    public PromptConfig {
        tokenizerKwargs = tokenizerKwargs == null ? Map.of() : Map.copyOf(tokenizerKwargs);
        boolean text = "TEXT".equals(promptTuningInit);
        if (text && promptTuningInitText == null) {
            throw new ConfigurationException("prompt_tuning_init is TEXT, which needs prompt_tuning_init_text");
        }
        if (!text && promptTuningInitText != null) {
            throw new ConfigurationException("prompt_tuning_init_text is set, but prompt_tuning_init is "
                    + promptTuningInit + "; it must be TEXT for the text to be used");
        }
    }
}
