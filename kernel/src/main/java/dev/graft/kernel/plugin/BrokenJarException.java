package dev.graft.kernel.plugin;

/** A jar that cannot be used as a plugin; the message says why in one line. */
public final class BrokenJarException extends Exception {
    private static final long serialVersionUID = 1;

    /** A jar that cannot be used, and why. */
    public BrokenJarException(String reason) {
        super(reason);
    }

    /** A jar that cannot be used because of a failure. */
    public BrokenJarException(Throwable failure) {
        super(Failures.reason(failure), failure);
    }
}
