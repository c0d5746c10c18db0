package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.tensor.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Unlabelled texts as lists of sentences, to draw from.
 *
 * @param texts the sentences of each text
 */
record Documents(List<List<String>> texts) {
    private static final Pattern END = Pattern.compile("(?<=[.!?]|[.!?][\"')\\]])\\s+");
    private static final int TRIES = 100;

    /** Copies the list. */
    Documents {
        texts = List.copyOf(texts);
    }

    /** The texts of records. */
    static Documents of(List<DataRecord> records, String column) {
        return new Documents(records.stream()
                .map(record -> sentences(record.require(column)))
                .filter(sentences -> !sentences.isEmpty())
                .toList());
    }

    /** The sentences of a text: they end with a full stop, a question mark or an exclamation mark before a space. */
    static List<String> sentences(String text) {
        return Arrays.stream(END.split(text.strip()))
                .map(String::strip)
                .filter(sentence -> !sentence.isEmpty())
                .toList();
    }

    /**
     * A sentence of another text than this one.
     *
     * @throws ConfigurationException if there is no other
     */
    String elsewhere(List<String> own, RandomStream random) {
        for (int i = 0; i < TRIES; i++) {
            List<String> other = texts.get(random.nextInt(texts.size()));
            if (!other.equals(own)) {
                return other.get(random.nextInt(other.size()));
            }
        }
        throw new ConfigurationException(
                "pre-training draws sentences from other texts, but all texts of the training data are the same");
    }
}
