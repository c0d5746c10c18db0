package dev.graft.methods.hardprompt;

import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompts as examples. The rows of an example are the prompt by itself; or, where words have several tokens, the prompt
 * with each of these words but its last token.
 */
final class Questions {
    /** The label of a prompt whose answer is not known. */
    static final int UNKNOWN = -1;

    private static final String LABEL = "label";
    private static final String PLACE = "place";

    private Questions() {}

    /**
     * An example.
     *
     * @param place index of the token whose output is over the first token of a word
     * @param label number of the label
     */
    static Example example(int[] prompt, int place, WordTokens words, int label) {
        Map<String, Double> values = new HashMap<>();
        values.put(LABEL, (double) label);
        values.put(PLACE, (double) place);
        List<Sequence> rows = new ArrayList<>();
        for (int word = 0; word < words.byWord().size(); word++) {
            int[] tokens = words.byWord().get(word);
            for (int i = 0; i < tokens.length; i++) {
                values.put(token(word, i), (double) tokens[i]);
            }
            if (tokens.length > 1) {
                int[] row = Arrays.copyOf(prompt, prompt.length + tokens.length - 1);
                System.arraycopy(tokens, 0, row, prompt.length, tokens.length - 1);
                rows.add(Sequence.of(row, null));
            }
        }
        return new Example(rows.isEmpty() ? List.of(Sequence.of(prompt, null)) : rows, values);
    }

    private static String token(int word, int index) {
        return word + "/" + index;
    }

    /** The tokens of a word. */
    static int[] tokens(Example example, int word) {
        int count = 0;
        while (example.values().containsKey(token(word, count))) {
            count++;
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = example.values().get(token(word, i)).intValue();
        }
        return tokens;
    }

    /** Index of the token whose output is over the first token of a word, the same in all rows of an example. */
    static int place(Example example) {
        return example.values().get(PLACE).intValue();
    }

    /** The numbers of the labels. */
    static long[] labels(Batch batch) {
        return Arrays.stream(batch.values(LABEL))
                .mapToLong(label -> (long) label)
                .toArray();
    }
}
