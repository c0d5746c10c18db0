package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/**
 * The pattern {@code f} that makes text of an example, with its parts in braces. The answer stands behind it, since
 * causal models read from left to right.
 *
 * @param text for instance {@code {first} {second} Answer:}
 */
record Pattern(String text) {
    private static final java.util.regex.Pattern PLACE = java.util.regex.Pattern.compile("\\{(\\w+)\\}");

    /**
     * A pattern that has all its parts.
     *
     * @throws ConfigurationException if a part is missing or unknown
     */
    static Pattern of(String text, Set<String> parts) {
        Set<String> found = new TreeSet<>();
        PLACE.matcher(text).results().map(place -> place.group(1)).forEach(found::add);
        if (!found.equals(parts)) {
            throw new ConfigurationException("pattern '" + text + "' holds the parts " + found + " where "
                    + new TreeSet<>(parts) + " are expected");
        }
        return new Pattern(text);
    }

    /** The text with its parts filled in. */
    String fill(Map<String, String> parts) {
        return PLACE.matcher(text)
                .replaceAll((MatchResult place) -> Matcher.quoteReplacement(parts.get(place.group(1))));
    }
}
