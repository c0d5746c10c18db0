package dev.graft.tokenizers.huggingface.jinja;

/** A template that cannot be read, or one that stopped while rendering; the message says why. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public TemplateException(String message) {
        super(message);
    }

    /** With the reason and the line of the template it concerns, from 1. */
    TemplateException(String message, int line) {
        super(message + " (line " + line + " of the template)");
    }
}
