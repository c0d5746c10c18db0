package dev.graft.kernel.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a person probably meant: the one with the smallest edit distance, if that is small. */
public final class NearestName {
    private NearestName() {}

    /**
     * The nearest of the known names.
     *
     * @return empty if none is near: more than a third of the letters, and more than two, would have to change
     */
    public static Optional<String> to(String name, Collection<String> known) {
        String wanted = fold(name);
        int limit = Math.max(2, wanted.length() / 3);
        return known.stream()
                .filter(candidate -> distance(wanted, fold(candidate)) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(wanted, fold(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A suggestion to put after an unknown name: the nearest name, or else the list of all. */
    public static String suggestion(String name, Collection<String> known) {
        if (known.isEmpty()) {
            return "there are none";
        }
        return to(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "allowed: " + String.join(", ", known));
    }

    /**
     * Edits from one text to the other: insertions, deletions, replacements and swaps of neighbours, each counting 1
     * (Damerau 1964, optimal string alignment).
     */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= to.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                int replace = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }
}
