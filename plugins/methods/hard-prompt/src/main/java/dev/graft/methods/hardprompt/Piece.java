package dev.graft.methods.hardprompt;

import java.util.List;

/**
 * A stretch of a prompt that is written out.
 *
 * @param kind what it is
 * @param text the text; for trainable tokens, the text they begin from, empty where there is none
 * @param columns where values of the record's columns stand in the text, which may be cut
 */
record Piece(Kind kind, String text, List<Span> columns) {
    /** What a piece is. */
    enum Kind {
        /** Words. */
        TEXT,
        /** The place of the label word. */
        MASK,
        /** Trainable tokens. */
        SOFT
    }

    /**
     * Part of a text.
     *
     * @param start index of its first character
     * @param end index after its last
     */
    record Span(int start, int end) {}

    /** Copies the list. */
    Piece {
        columns = List.copyOf(columns);
    }

    /** A place in the text. */
    static Piece place(Kind kind, String initial) {
        return new Piece(kind, initial, List.of());
    }
}
