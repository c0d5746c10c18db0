package dev.graft.objectives.causallm;

import dev.graft.spi.config.Key;

/**
 * Configuration of next-token prediction.
 *
 * @param trainOn which tokens are learned; null = answers where a record has them, else all
 * @param template how prompt and completion become one text without a chat template; null = paragraphs
 * @param chat whether prompt and completion are rendered with the chat template
 * @param appendEos whether a text ends with the token that ends sequences
 * @param text the column of plain texts; null = {@code text}, where a record holds nothing else
 */
public record CausalLmConfig(
        @Key(
                "Tokens to learn: all, completion (the last answer) or assistant (every answer); left out, every answer where"
                        + " a record has a prompt or messages, else all")
        TrainOn trainOn,

        @Key("How prompt and completion become one text where no chat template is used, with {prompt}, {completion} and"
                + " perhaps {system}; left out, the system message as a paragraph, the prompt, and the completion on a"
                + " new line")
        String template,

        @Key(
                value =
                        "Whether prompt and completion become a conversation rendered with the chat template; auto does so"
                                + " where the tokenizer has one and template is left out",
                defaultsTo = "auto")
        ChatUse chat,

        @Key(
                value =
                        "Whether whatever is not rendered with a chat template ends with the tokenizer's eos_token, where"
                                + " it has one",
                defaultsTo = "true")
        boolean appendEos,

        @Key(
                "Column to read plain text from, whatever else a record holds; left out, text, where a record holds neither"
                        + " messages nor a prompt with its completion")
        String text) {

    /** Which tokens are learned. */
    public enum TrainOn {
        /** Every token. */
        ALL,
        /** The completion; of a conversation, the assistant's last message. */
        COMPLETION,
        /** Every message of the assistant; the completion of a prompt. */
        ASSISTANT
    }

    /** When prompt and completion are rendered with the chat template. */
    public enum ChatUse {
        /** Where the tokenizer has one and no {@code template} is given. */
        AUTO,
        /** Always; a tokenizer without one is an error. */
        ALWAYS,
        /** Never. */
        NEVER
    }
}
