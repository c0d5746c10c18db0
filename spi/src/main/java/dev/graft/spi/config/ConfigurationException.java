package dev.graft.spi.config;

/**
 * Input that a person can mend: a key, a value, a file. The message is one sentence that says what was found, where,
 * and what is allowed; it is shown as it is, without a stack trace.
 */
public class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for a person. */
    public ConfigurationException(String message) {
        super(message);
    }

    /** With a message for a person and what caused it. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
