package dev.graft.tck.rule;

/** A rule says nothing about a subject; the message says why. */
public final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public NotApplicable(String reason) {
        super(reason);
    }
}
