package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The verbaliser {@code v}: the words of every label (Schick and Schuetze 2021, section 3.1).
 *
 * @param labels the labels, sorted
 * @param words all words, those of the first label first
 */
record Verbaliser(List<String> labels, List<Word> words) {
    /**
     * A word.
     *
     * @param text as it is written
     * @param label number of its label
     */
    record Word(String text, int label) {}

    /** Copies the lists. */
    Verbaliser {
        labels = List.copyOf(labels);
        words = List.copyOf(words);
    }

    /**
     * A verbaliser.
     *
     * @throws ConfigurationException if there are not two labels, each with words, no word twice
     */
    static Verbaliser of(Map<String, List<String>> wordsByLabel) {
        if (wordsByLabel.size() < 2) {
            throw new ConfigurationException(
                    "objective.verbalizer has the labels " + wordsByLabel.keySet() + "; there must be at least two");
        }
        Map<String, List<String>> sorted = new TreeMap<>(wordsByLabel);
        List<String> labels = List.copyOf(sorted.keySet());
        List<Word> words = new ArrayList<>();
        Map<String, String> owners = new TreeMap<>();
        sorted.forEach((label, own) -> {
            if (own.isEmpty() || own.stream().anyMatch(String::isBlank)) {
                throw new ConfigurationException("objective.verbalizer gives the label '" + label + "' the words " + own
                        + "; there must be at least one, none of them empty");
            }
            for (String word : own) {
                String owner = owners.put(word, label);
                if (owner != null) {
                    throw new ConfigurationException("objective.verbalizer gives the word '" + word + "' to the label '"
                            + owner + "' and again to '" + label + "'; every word must stand for one label, once");
                }
                words.add(new Word(word, labels.indexOf(label)));
            }
        });
        return new Verbaliser(labels, words);
    }

    /** The word that answers for a label in a demonstration: its first. */
    String answer(int label) {
        return words.get(firstOf(label)).text();
    }

    /** Index of the first word of a label; behind the last label, the number of words. */
    int firstOf(int label) {
        for (int word = 0; word < words.size(); word++) {
            if (words.get(word).label() >= label) {
                return word;
            }
        }
        return words.size();
    }
}
