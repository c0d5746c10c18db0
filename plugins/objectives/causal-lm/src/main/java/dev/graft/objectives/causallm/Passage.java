package dev.graft.objectives.causallm;

import java.util.List;

/**
 * A record as the model reads it.
 *
 * @param text the whole text
 * @param learned pairs of start (inclusive) and end (exclusive) in {@code text} of what is to be learned; null =
 *     everything, special tokens included
 * @param rendered whether a chat template wrote the text, special tokens included
 */
record Passage(String text, List<int[]> learned, boolean rendered) {
    /** Whether any part of the characters from {@code start} to {@code end} is to be learned. */
    boolean learns(int start, int end) {
        return learned == null || learned.stream().anyMatch(span -> start < span[1] && span[0] < end);
    }
}
