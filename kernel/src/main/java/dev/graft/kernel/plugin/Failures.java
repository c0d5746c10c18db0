package dev.graft.kernel.plugin;

import java.util.ServiceConfigurationError;

/** Failures of plugins, told in one line. */
public final class Failures {
    private Failures() {}

    /** A failure and what caused it, without line breaks. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        StringBuilder reason = new StringBuilder(describe(cause));
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
            reason.append(": ").append(describe(cause));
        }
        return reason.toString();
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage() == null
                ? ""
                : failure.getMessage().lines().findFirst().orElse("");
        if (failure instanceof ServiceConfigurationError && !message.isEmpty()) {
            return message.substring(message.indexOf(' ') + 1);
        }
        return failure.getClass().getSimpleName() + (message.isEmpty() ? "" : " (" + message + ")");
    }
}
