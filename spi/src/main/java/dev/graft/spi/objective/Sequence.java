package dev.graft.spi.objective;

import java.util.Arrays;

/**
 * One tokenised sequence, or several that share their beginning.
 *
 * <p>Continuations of one beginning lie in one row, one after another, so that the beginning is computed once: tokens of
 * branch 0, the trunk, come first and are seen by all that follow; those of a branch see the trunk and what comes before
 * them in their own branch, and count their positions from the trunk's end. The label of a branch's first token is
 * predicted by the last token of the trunk.
 *
 * @param ids token ids
 * @param labels label per token, -100 = ignored; null for objectives that label whole sequences
 * @param types token types of a sentence pair, or null
 * @param branches branch of each token, ascending: 0 for the trunk, then 1, 2, ...; null for a single sequence
 * @param words number of the word each token belongs to, ascending; null where nobody asks
 */
public record Sequence(int[] ids, int[] labels, int[] types, int[] branches, int[] words) {
    /** A single sequence. */
    public Sequence(int[] ids, int[] labels, int[] types) {
        this(ids, labels, types, null, null);
    }

    /** A sequence without token types. */
    public static Sequence of(int[] ids, int[] labels) {
        return new Sequence(ids, labels, null);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /** Position of each token: counted from 0, and in every branch from the trunk's end. */
    public int[] positions() {
        int[] positions = new int[ids.length];
        int trunk = 0;
        for (int i = 0; i < positions.length; i++) {
            boolean begins = i > 0 && branches != null && branches[i] != branches[i - 1];
            trunk = begins && branches[i - 1] == 0 ? i : trunk;
            positions[i] = i == 0 ? 0 : begins ? trunk : positions[i - 1] + 1;
        }
        return positions;
    }

    /** Positions taken: the tokens of the trunk and of the longest branch. */
    public int depth() {
        return Arrays.stream(positions()).max().orElse(-1) + 1;
    }
}
