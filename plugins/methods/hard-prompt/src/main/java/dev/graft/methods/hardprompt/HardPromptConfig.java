package dev.graft.methods.hardprompt;

import dev.graft.spi.config.Key;

/**
 * The trainable tokens of a template.
 *
 * @param numVirtualTokens how many there are
 * @param template the template they stand in
 * @param softToken the token that holds their place
 */
public record HardPromptConfig(
        @Key(
                value = "Number of trainable tokens: those that the {soft} places of the template make",
                required = true,
                min = 1)
        int numVirtualTokens,

        @Key(
                value =
                        "The template of the objective, with {soft} for a token that begins at random and {soft:initial text}"
                                + " for tokens that begin as those of a text",
                required = true)
        String template,

        @Key(
                value = "Token of the vocabulary that holds the place of trainable tokens, as in the objective",
                required = true)
        String softToken) {}
