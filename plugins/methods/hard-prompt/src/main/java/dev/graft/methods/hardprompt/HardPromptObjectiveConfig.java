package dev.graft.methods.hardprompt;

import dev.graft.spi.config.Key;
import java.util.List;
import java.util.Map;

/**
 * Classification as a question in words.
 *
 * @param task kind of the model
 * @param template of a question
 * @param verbalizer the words of each label
 * @param wordScores how the words of a label make its score
 * @param label the column of the label
 * @param demonstrations answered examples in front of each question
 * @param demonstrationTemplate of an answered example; null = the question's
 * @param separator what follows each demonstration
 * @param reasoning the column of a demonstration's reasoning
 * @param softToken the token that stands for trainable ones; null = there are none
 */
public record HardPromptObjectiveConfig(
        @Key(
                value = "Kind of the model that answers",
                defaultsTo = "CAUSAL_LM",
                allowed = {"CAUSAL_LM", "MASKED_LM"})
        String task,

        @Key(
                value =
                        "The question, with {column} for values, {mask} for the label word, {soft} or {soft:initial text} for"
                                + " trainable tokens, {demonstrations} and {reasoning}; a brace that is meant as text is doubled",
                required = true)
        String template,

        @Key(value = "The words of each label: {label: [word, ...]}", required = true)
        Map<String, List<String>> verbalizer,

        @Key(
                value = "How the log-probabilities of a label's words make its score",
                defaultsTo = "mean",
                allowed = {"mean", "max"})
        String wordScores,

        @Key(value = "Column of the label", defaultsTo = "label")
        String label,

        @Key(
                value = "Number of answered training examples in each prompt, evenly over the labels; 0 = zero-shot",
                defaultsTo = "0",
                min = 0)
        int demonstrations,

        @Key("What an answered example looks like; left out, as the template, without its {demonstrations}")
        String demonstrationTemplate,

        @Key(value = "What follows each demonstration", defaultsTo = "\"\\n\"")
        String separator,

        @Key(value = "Column of the reasoning of a demonstration", defaultsTo = "reasoning")
        String reasoning,

        @Key("Token of the vocabulary that holds the place of trainable tokens, best one that texts never hold; needed"
                + " where the template has {soft}")
        String softToken) {
    /** Copies the map. */
    public HardPromptObjectiveConfig {
        verbalizer = verbalizer == null ? Map.of() : Map.copyOf(verbalizer);
    }
}
