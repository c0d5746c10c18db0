package dev.graft.objectives.classification;

import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Encodes a text, or a pair, within a length. What is too long loses tokens from its end, of a pair always the longer
 * text, while the special tokens around it stay: a classifier reads its decision off them.
 */
final class BoundedText {
    private BoundedText() {}

    /**
     * The tokens of a text.
     *
     * @param pair the second text, or null
     * @param most longest sequence allowed, in tokens
     */
    static Sequence encode(Tokenizer tokenizer, String text, String pair, int most) {
        Encoding encoding = pair == null ? tokenizer.encode(text, true) : tokenizer.encode(text, pair);
        int[] types = pair == null ? null : tokenizer.pairTypes(text, pair);
        int excess = encoding.ids().length - most;
        if (excess <= 0) {
            return new Sequence(encoding.ids(), null, types);
        }
        int[] content = IntStream.range(0, encoding.ids().length)
                .filter(i -> encoding.starts()[i] < encoding.ends()[i])
                .toArray();
        int first = pair == null ? content.length : firstOfPair(encoding, content);
        boolean[] dropped = new boolean[encoding.ids().length];
        int one = first;
        int two = content.length - first;
        for (int i = 0; i < excess && one + two > 0; i++) {
            if (one > two) {
                dropped[content[--one]] = true;
            } else {
                dropped[content[first + --two]] = true;
            }
        }
        int[] kept = IntStream.range(0, dropped.length).filter(i -> !dropped[i]).toArray();
        return new Sequence(pick(encoding.ids(), kept), null, types == null ? null : pick(types, kept));
    }

    /** How many tokens the first text of a pair has: the second begins behind the first gap, at its own beginning. */
    private static int firstOfPair(Encoding encoding, int[] content) {
        for (int i = 1; i < content.length; i++) {
            boolean gap = content[i] > content[i - 1] + 1;
            if (gap && encoding.starts()[content[i]] < encoding.ends()[content[i - 1]]) {
                return i;
            }
        }
        return content.length;
    }

    private static int[] pick(int[] values, int[] places) {
        return Arrays.stream(places).map(i -> values[i]).toArray();
    }
}
