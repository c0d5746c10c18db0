package dev.graft.standalone.terminal;

import java.util.ArrayList;
import java.util.List;

/** Two texts beside each other, each in half of the terminal's width. */
public final class SideBySide {
    private static final String BETWEEN = " \u2502 ";

    private SideBySide() {}

    /** The lines of two texts, none wider than so many columns. */
    public static List<String> lines(String left, String right, int columns) {
        int width = Math.max(1, (columns - BETWEEN.length()) / 2);
        List<String> lefts = column(left, width);
        List<String> rights = column(right, width);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
            String start = i < lefts.size() ? lefts.get(i) : "";
            String end = i < rights.size() ? rights.get(i) : "";
            String space = " ".repeat(width - start.codePointCount(0, start.length()));
            lines.add((start + space + BETWEEN + end).stripTrailing());
        }
        return lines;
    }

    /** Wrapped, with words cut that are longer than a line, and without what a terminal would obey. */
    private static List<String> column(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : Wrap.lines(PlainText.of(text), width)) {
            String rest = line;
            while (rest.codePointCount(0, rest.length()) > width) {
                int cut = rest.offsetByCodePoints(0, width);
                lines.add(rest.substring(0, cut));
                rest = rest.substring(cut);
            }
            lines.add(rest);
        }
        return lines;
    }
}
