package dev.graft.starter.grammar;

/** A grammar that cannot be read or expanded; the message says what is wrong and where. */
public final class GrammarException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception with its one-sentence message. */
    public GrammarException(String message) {
        super(message);
    }
}
