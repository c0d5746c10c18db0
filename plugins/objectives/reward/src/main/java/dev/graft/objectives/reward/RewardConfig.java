package dev.graft.objectives.reward;

import dev.graft.spi.config.Key;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.PromptTemplate;

/**
 * Configuration of reward models; keys that TRL's trainer has are called as there.
 *
 * @param centerRewardsCoefficient weight of the term that keeps rewards around 0
 * @param margin column of the margin by which the better answer should lead
 * @param template how prompt and answer become one text
 * @param chat when they become a conversation
 * @param appendEos whether a plain text ends with the end of the sequence
 */
public record RewardConfig(
        @Key(
                value =
                        "Weight of the term that keeps the rewards of a pair around 0; 0 leaves it out, TRL advises 0.01",
                defaultsTo = "0",
                min = 0)
        double centerRewardsCoefficient,

        @Key(
                value = "Column of the margin by which the better answer should lead, where a record has one",
                defaultsTo = "margin")
        String margin,

        @Key(
                "How prompt and answer become one text where no chat template is used, with {prompt}, {completion} and perhaps"
                        + " {system}; left out, as in causal-lm")
        String template,

        @Key(
                value =
                        "Whether prompt and answer that are texts become a conversation rendered with the chat template; auto"
                                + " does so where the tokenizer has one and template is left out",
                defaultsTo = "auto")
        PromptFormat.Chat chat,

        @Key(
                value =
                        "Whether whatever is not rendered with a chat template ends with the tokenizer's eos_token, where it"
                                + " has one",
                defaultsTo = "true")
        boolean appendEos) {

    /** How prompt and answer become one text. */
    PromptFormat format() {
        return new PromptFormat(chat, template == null ? null : PromptTemplate.parse(template, "reward"));
    }
}
