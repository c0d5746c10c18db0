package dev.graft.standalone.training;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures of an evaluation as text. */
public final class Figures {
    private Figures() {}

    /** One figure with four digits behind the point, a count without, or as a power of ten where it is very large. */
    public static String text(double figure) {
        if (figure == Math.rint(figure) && Math.abs(figure) >= 10 && Math.abs(figure) < 1e12) {
            return String.format(Locale.ROOT, "%,.0f", figure);
        }
        return String.format(Locale.ROOT, Math.abs(figure) < 1e6 ? "%.4f" : "%.3e", figure);
    }

    /** All of them in a line, for instance {@code loss 2.1000, perplexity 8.1662}. */
    public static String text(Map<String, Double> figures) {
        return figures.entrySet().stream()
                .map(figure -> figure.getKey() + " " + text(figure.getValue()))
                .collect(Collectors.joining(", "));
    }
}
