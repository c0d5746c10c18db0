package dev.graft.kernel.plugin;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version: numbers joined by dots, and an optional qualifier after a dot or a hyphen. {@code 1.10} is above
 * {@code 1.9}; a version with a qualifier such as {@code 1.0-SNAPSHOT} is below the same one without.
 *
 * @param numbers its numbers without trailing zeros
 * @param qualifier its qualifier; empty for a release
 * @param text as it was written
 */
public record PluginVersion(List<Long> numbers, String qualifier, String text) implements Comparable<PluginVersion> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})*)(?:[.-]([A-Za-z0-9_.-]+))?");

    private static final Comparator<PluginVersion> ORDER = Comparator.comparing(
                    PluginVersion::numbers, PluginVersion::compareNumbers)
            .thenComparing(version -> version.qualifier().isEmpty())
            .thenComparing(PluginVersion::qualifier);

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    public static PluginVersion parse(String text) {
        Matcher match = FORM.matcher(text == null ? "" : text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "its version is '" + text + "' where numbers joined by dots are expected");
        }
        List<Long> numbers = Arrays.stream(match.group(1).split("\\.", -1))
                .map(Long::valueOf)
                .toList();
        int length = numbers.size();
        while (length > 0 && numbers.get(length - 1) == 0) {
            length--;
        }
        String qualifier = match.group(2) == null ? "" : match.group(2);
        return new PluginVersion(numbers.subList(0, length), qualifier, text);
    }

    @Override
    public int compareTo(PluginVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PluginVersion version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * numbers.hashCode() + qualifier.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static int compareNumbers(List<Long> left, List<Long> right) {
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            int order = Long.compare(i < left.size() ? left.get(i) : 0, i < right.size() ? right.get(i) : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
