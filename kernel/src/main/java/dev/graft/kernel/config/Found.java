package dev.graft.kernel.config;

import java.util.List;
import java.util.Map;

/** How messages name a value that was found. */
final class Found {
    private static final int LONGEST = 60;

    private Found() {}

    static String describe(Object value) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof String text) {
            String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
            return "the text '" + shown.replace("\n", "\\n") + "'";
        }
        if (value instanceof Number) {
            return "the number " + value;
        }
        if (value instanceof Map) {
            return "a section";
        }
        return value instanceof List ? "a list" : String.valueOf(value);
    }
}
