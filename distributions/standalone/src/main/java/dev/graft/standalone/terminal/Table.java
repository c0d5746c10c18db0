package dev.graft.standalone.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under headings, in columns as wide as they need to be; the last column is wrapped to the terminal's width. */
public final class Table {
    private static final String GAP = "  ";
    private static final int NARROWEST_LAST = 24;

    private final List<List<String>> rows = new ArrayList<>();
    private final int rightAligned;

    private Table(int rightAligned, List<String> headings) {
        this.rightAligned = rightAligned;
        rows.add(headings);
    }

    /** A table with these headings. */
    public static Table of(String... headings) {
        return new Table(0, List.of(headings));
    }

    /** A table whose columns from the second on, but not more than so many, hold numbers, which end at the same column. */
    public static Table withNumbers(int columns, String... headings) {
        return new Table(columns, List.of(headings));
    }

    /** Adds a row with a cell for every heading. */
    public void row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    Arrays.toString(cells) + " has not as many cells as " + rows.get(0) + " has headings");
        }
        rows.add(List.of(cells));
    }

    /** The lines of the table, none wider than so many columns if the last column can help it. */
    public List<String> lines(int columns) {
        int last = rows.get(0).size() - 1;
        int[] widths = widths(last);
        int before = Arrays.stream(widths, 0, last).sum() + last * GAP.length();
        int lastWidth = Math.max(NARROWEST_LAST, columns - before);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < last; i++) {
                line.append(pad(row.get(i), widths[i], i > 0 && i <= rightAligned))
                        .append(GAP);
            }
            for (String part : Wrap.lines(row.get(last), lastWidth)) {
                boolean alone = last > 0 && last <= rightAligned;
                line.append(alone ? pad(part, widths[last], true) : part);
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(before));
            }
        }
        return lines;
    }

    private int[] widths(int last) {
        int[] widths = new int[last + 1];
        for (List<String> row : rows) {
            for (int i = 0; i <= last; i++) {
                widths[i] = Math.max(
                        widths[i], row.get(i).codePointCount(0, row.get(i).length()));
            }
        }
        return widths;
    }

    private static String pad(String text, int width, boolean right) {
        String space = " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
        return right ? space + text : text + space;
    }
}
