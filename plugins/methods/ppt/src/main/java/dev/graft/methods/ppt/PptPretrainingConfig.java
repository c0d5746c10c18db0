package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Which task is made from unlabelled text.
 *
 * @param form the form of the task
 * @param text the column of the texts
 * @param labelWords a word for each label; empty = by form
 * @param pattern what a question looks like; null = by form
 * @param candidates sentences to choose from
 * @param confidence probability from which an answer of the base, or of an annotator, counts
 * @param label the column of an annotator's labels; null = the base answers
 * @param labels names of an annotator's labels by label word; empty = the label words themselves
 * @param confidenceColumn the column of an annotator's probabilities; null = all count
 * @param perLabel at most this many records of each of an annotator's labels; null = all
 * @param perText questions made of each text
 */
public record PptPretrainingConfig(
        @Key(
                value =
                        "The form of the task: sentence_pair (does the second sentence follow the first?), multiple_choice"
                                + " (which sentence follows?) or single_sentence (labels by the model's own confident answers)",
                required = true)
        Form form,

        @Key(value = "Column of the unlabelled text", defaultsTo = "text")
        String text,

        @Key("A word for each label; left out, no, maybe and yes for sentence pairs, and letters for choices, where no"
                + " other words are allowed")
        List<String> labelWords,

        @Key(
                "The text of a question before its answer: {first} and {second}, {question} and {options}, or {sentence}; left"
                        + " out, these and 'Answer:', or the sentence alone")
        String pattern,

        @Key(value = "Sentences to choose from", defaultsTo = "6", min = 2, max = 26)
        int candidates,

        @Key(
                value =
                        "Single sentences: least probability at which an answer of the bare model, among the label words,"
                                + " or of the annotator becomes a label",
                defaultsTo = "0.8",
                min = 0,
                max = 1)
        double confidence,

        @Key("Single sentences: column of labels by an annotator, another model that has learnt to give some (see graft"
                + " predict); left out, the bare model labels")
        String label,

        @Key("The annotator's names of the labels, in the order of label_words; left out, the label words themselves."
                + " Records with another label do not count")
        List<String> labels,

        @Key("Column of the annotator's probabilities, to be at least confidence; left out, all of its labels count")
        String confidenceColumn,

        @Key(
                value =
                        "At most this many records of each label, those that the annotator is surest of, so that no label"
                                + " drowns the others; left out, all",
                min = 1)
        Integer perLabel,

        @Key(value = "Questions made of each text", defaultsTo = "1", min = 1)
        int perText) {
    /** Forms of tasks. */
    public enum Form {
        /** Next-sentence prediction. */
        SENTENCE_PAIR,
        /** Next-sentence selection. */
        MULTIPLE_CHOICE,
        /** Classification by pseudo labels. */
        SINGLE_SENTENCE
    }

    /**
     * Copies the list.
     *
     * @throws ConfigurationException if the words do not fit the form
     */
    public PptPretrainingConfig {
        labelWords = labelWords == null ? List.of() : List.copyOf(labelWords);
        labels = labels == null ? List.of() : List.copyOf(labels);
        if (form == Form.MULTIPLE_CHOICE && !labelWords.isEmpty()) {
            throw new ConfigurationException(
                    "label_words is " + labelWords + ", but choices are answered with letters; leave it out");
        }
        if (form == Form.SENTENCE_PAIR && !labelWords.isEmpty() && labelWords.size() != 3) {
            throw new ConfigurationException("label_words is " + labelWords
                    + "; sentence pairs need three: for different texts, for one text, and for the next sentence");
        }
        if (form == Form.SINGLE_SENTENCE && labelWords.isEmpty()) {
            throw new ConfigurationException(
                    "form single_sentence needs label_words, the words of the task to come, such as [bad, good]");
        }
        if (label == null && (!labels.isEmpty() || confidenceColumn != null || perLabel != null)) {
            throw new ConfigurationException(
                    "labels, confidence_column and per_label are about labels by an annotator; label must name the column of"
                            + " these");
        }
        if (label != null && form != Form.SINGLE_SENTENCE) {
            throw new ConfigurationException(
                    "label is '" + label + "', but only form single_sentence has labels by an annotator; leave it out");
        }
        if (!labels.isEmpty() && labels.size() != labelWords.size()) {
            throw new ConfigurationException("labels is " + labels + " and label_words is " + labelWords
                    + "; there must be one label for each word");
        }
    }
}
