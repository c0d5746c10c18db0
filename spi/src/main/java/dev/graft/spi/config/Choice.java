package dev.graft.spi.config;

import java.util.List;
import java.util.Optional;

/**
 * A key that takes either one string or a list of strings, such as PEFT's {@code target_modules}: a string is a
 * regular expression or a keyword, a list holds names.
 *
 * @param single the string, or null
 * @param many the list, or null
 */
public record Choice(String single, List<String> many) {
    /** Copies the list. */
    public Choice {
        many = many == null ? null : List.copyOf(many);
        if ((single == null) == (many == null)) {
            throw new IllegalArgumentException("a choice is either one string or a list of strings");
        }
    }

    /** A choice of one string. */
    public static Choice of(String single) {
        return new Choice(single, null);
    }

    /** A choice of a list. */
    public static Choice of(List<String> many) {
        return new Choice(null, many);
    }

    /** The string, if it is one. */
    public Optional<String> text() {
        return Optional.ofNullable(single);
    }

    /** The list, if it is one. */
    public Optional<List<String>> names() {
        return Optional.ofNullable(many);
    }
}
