package dev.graft.standalone.terminal;

import java.util.Locale;

/** Spans of time, as people read them. */
public final class Duration {
    private Duration() {}

    /** For instance {@code 0:07}, {@code 12:30} or {@code 3:05:00}. */
    public static String text(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
