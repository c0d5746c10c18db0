package dev.graft.tck.rule;

/** A rule does not hold; the message says what was found. */
public final class RuleBroken extends AssertionError {
    private static final long serialVersionUID = 1L;

    /** With what was found. */
    public RuleBroken(String found) {
        super(found);
    }

    /** With what was found and what was thrown. */
    public RuleBroken(String found, Throwable cause) {
        super(found, cause);
    }
}
