package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import java.util.List;

/**
 * What to print before and after training, for a person to compare.
 *
 * @param prompts texts to continue, to answer or to classify
 * @param chat whether a prompt is a user's message that goes through the chat template
 * @param maxNewTokens longest continuation in tokens
 * @param temperature 0 = always the most likely token
 * @param stop texts that end a continuation
 */
public record ShowSection(
        @Key(value = "Texts to continue, to answer or to classify", required = true)
        List<String> prompts,

        @Key(value = "Whether a prompt is a user's message that goes through the chat template", defaultsTo = "false")
        boolean chat,

        @Key(value = "Longest continuation in tokens", defaultsTo = "48", min = 1)
        int maxNewTokens,

        @Key(value = "0 = always the most likely token", defaultsTo = "0", min = 0)
        double temperature,

        @Key("Texts that end a continuation") List<String> stop) {}
