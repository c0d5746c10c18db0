package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The verbaliser {@code v}: a word for every label. The first token of a word, behind a space, stands for it.
 *
 * @param words by label
 */
record Verbaliser(List<String> words) {
    /** Name of the example value that holds the label; -1 where it is not known. */
    static final String LABEL = "label";

    /** The label of a text whose answer is not known. */
    static final int UNKNOWN = -1;

    private static final String WORD = "word/";

    /**
     * Copies the list.
     *
     * @throws ConfigurationException if there are not two words at least
     */
    Verbaliser {
        words = List.copyOf(words);
        if (words.size() < 2 || words.stream().anyMatch(String::isBlank)) {
            throw new ConfigurationException(
                    "label words are " + words + "; there must be at least two, none of them empty");
        }
    }

    /** The letters A, B, ... of so many options. */
    static Verbaliser letters(int count) {
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            letters.add(letter(i));
        }
        return new Verbaliser(letters);
    }

    private static String letter(int option) {
        return String.valueOf((char) ('A' + option));
    }

    /** Options one after the other: {@code A. first B. second}. */
    static String options(List<String> options) {
        List<String> lettered = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            lettered.add(letter(i) + ". " + options.get(i));
        }
        return String.join(" ", lettered);
    }

    /**
     * A text to be answered with one of the words. Of one that is too long the front is cut.
     *
     * @param label what the answer should be, or -1
     * @throws ConfigurationException if two words begin with the same token
     */
    Example example(String text, int label, EncodeContext context) {
        Encoding answered = context.tokenizer().encode(text + " " + words.get(0), true);
        int length = place(answered, text);
        int from = (int) Math.max(0, (long) length - context.maxLength());
        int[] ids = Arrays.copyOfRange(answered.ids(), from, length);
        Map<String, Double> values = new HashMap<>();
        values.put(LABEL, (double) label);
        int[] tokens = tokens(context.tokenizer());
        for (int i = 0; i < tokens.length; i++) {
            values.put(WORD + i, (double) tokens[i]);
        }
        return new Example(List.of(Sequence.of(ids, null)), values);
    }

    /** Name of the example value that holds the token of a label's word. */
    static String token(int label) {
        return WORD + label;
    }

    private int[] tokens(Tokenizer tokenizer) {
        int[] tokens = new int[words.size()];
        Map<Integer, String> owners = new HashMap<>();
        for (int i = 0; i < tokens.length; i++) {
            Encoding encoded = tokenizer.encode(". " + words.get(i), true);
            tokens[i] = encoded.ids()[place(encoded, ".")];
            String other = owners.put(tokens[i], words.get(i));
            if (other != null) {
                throw new ConfigurationException("the label words '" + other + "' and '" + words.get(i)
                        + "' begin with the same token '" + tokenizer.token(tokens[i])
                        + "', so the model cannot tell them apart");
            }
        }
        return tokens;
    }

    /** Index of the first token that reaches beyond a text. */
    private static int place(Encoding encoding, String text) {
        for (int i = 0; i < encoding.ids().length; i++) {
            if (encoding.ends()[i] > text.length() && encoding.ends()[i] > encoding.starts()[i]) {
                return i;
            }
        }
        throw new ConfigurationException("the tokenizer makes no token of the answer behind '" + text + "'");
    }
}
