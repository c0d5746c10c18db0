package dev.graft.methods.ppt;

import dev.graft.spi.config.Key;
import java.util.Map;

/**
 * A classification task as questions answered with label words.
 *
 * @param labelWords the word of each class
 * @param text the column of the text
 * @param label the column of the class
 * @param options whether the words are offered as lettered options, and a letter is the answer
 * @param pattern what a question looks like; null = the text, or the text with its options
 */
public record PptTuningConfig(
        @Key(value = "The word of each class, by the class's name", required = true)
        Map<String, String> labelWords,

        @Key(value = "Column of the text", defaultsTo = "text")
        String text,

        @Key(value = "Column of the class: its name", defaultsTo = "label")
        String label,

        @Key(
                value =
                        "Whether the label words are offered as options A, B, ... and the answer is a letter: the unified"
                                + " form, after stage one with multiple_choice",
                defaultsTo = "false")
        boolean options,

        @Key("The text of a question before its answer, with {text}, and {options} where there are any; left out, these"
                + " and, with options, 'Answer:'")
        String pattern) {
    /** Copies the map. */
    public PptTuningConfig {
        labelWords = labelWords == null ? Map.of() : Map.copyOf(labelWords);
    }
}
