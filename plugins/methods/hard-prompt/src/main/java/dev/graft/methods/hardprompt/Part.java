package dev.graft.methods.hardprompt;

/**
 * A part of a template.
 *
 * @param kind what stands there
 * @param text the literal text, the column's name, or the text a trainable token begins from; else empty
 */
record Part(Kind kind, String text) {
    /** What a part of a template stands for. */
    enum Kind {
        /** Text as it is. */
        LITERAL,
        /** The value of a column. */
        COLUMN,
        /** Where the label word goes. */
        MASK,
        /** Trainable tokens. */
        SOFT,
        /** The demonstrations. */
        DEMONSTRATIONS,
        /** The reasoning of a demonstration. */
        REASONING
    }
}
