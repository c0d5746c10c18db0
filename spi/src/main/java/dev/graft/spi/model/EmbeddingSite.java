package dev.graft.spi.model;

/**
 * A table of vectors.
 *
 * @param name module name
 * @param role what its rows stand for; soft prompts join at the token table
 * @param weight {@code [rows, width]}
 * @param scale factor on the looked-up vectors, usually 1
 */
public record EmbeddingSite(String name, Role role, Weight weight, double scale) implements Site {
    /** What the rows stand for. */
    public enum Role {
        /** Vocabulary entries. */
        TOKEN,
        /** Positions. */
        POSITION,
        /** Token types (segments of a pair). */
        TOKEN_TYPE
    }

    @Override
    public int layer() {
        return -1;
    }
}
