package dev.graft.starter.bpe;

import java.util.List;

/**
 * A byte-level vocabulary.
 *
 * @param specials tokens with a meaning of their own, ids 0 and up
 * @param tokens the other tokens in the order of their ids, after the specials: 256 bytes, then one token for each merge
 * @param merges the merges in the order in which they are applied
 */
public record Vocabulary(List<String> specials, List<String> tokens, List<Merge> merges) {

    /**
     * Two neighbouring tokens that become one.
     *
     * @param left the first, in byte symbols
     * @param right the second, in byte symbols
     */
    public record Merge(String left, String right) {}

    /** Copies the lists. */
    public Vocabulary {
        specials = List.copyOf(specials);
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /** The number of all tokens. */
    public int size() {
        return specials.size() + tokens.size();
    }
}
