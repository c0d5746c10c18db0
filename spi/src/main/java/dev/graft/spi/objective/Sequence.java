package dev.graft.spi.objective;

/**
 * One tokenised sequence.
 *
 * @param ids token ids
 * @param labels label per token, -100 = ignored; null for objectives that label whole sequences
 * @param types token types of a sentence pair, or null
 */
public record Sequence(int[] ids, int[] labels, int[] types) {
    /** A sequence without token types. */
    public static Sequence of(int[] ids, int[] labels) {
        return new Sequence(ids, labels, null);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
