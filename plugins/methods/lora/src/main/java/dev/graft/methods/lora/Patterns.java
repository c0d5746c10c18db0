package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions out of a configuration. */
final class Patterns {
    private Patterns() {}

    /**
     * An expression.
     *
     * @param key where it was written
     * @param written what was written, for the message
     * @param regex what it means
     * @throws ConfigurationException if it is none
     */
    static Pattern compile(String key, String written, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(
                    key + " holds '" + written + "', which is not a regular expression: " + e.getDescription(), e);
        }
    }

    /** The value of the first pattern that matches the end of a module's name. */
    static <T> Optional<T> find(String key, Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> compile(key, entry.getKey(), "(.*\\.)?(" + entry.getKey() + ")")
                        .matcher(module)
                        .matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
