package dev.graft.tokenizers.huggingface.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text text as it stands, a string without its quotes and with its escapes resolved, the name of an operator
 * @param line line of the template, from 1
 */
record Token(Kind kind, String text, int line) {
    /** Kinds of pieces. */
    enum Kind {
        /** Text outside tags. */
        DATA,
        /** The start of an expression to print. */
        PRINT_BEGIN,
        /** Its end. */
        PRINT_END,
        /** The start of a statement. */
        BLOCK_BEGIN,
        /** Its end. */
        BLOCK_END,
        /** An identifier or a keyword. */
        NAME,
        /** A string literal. */
        STRING,
        /** An integer literal. */
        INTEGER,
        /** A floating-point literal. */
        FLOAT,
        /** Punctuation. */
        OPERATOR,
        /** The end of the template. */
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }
}
