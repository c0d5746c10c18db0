package dev.graft.standalone.terminal;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines at spaces. */
public final class Wrap {
    private Wrap() {}

    /** Lines of at most so many columns; a longer word gets a line of its own. Line ends in the text are kept. */
    public static List<String> lines(String text, int columns) {
        List<String> lines = new ArrayList<>();
        text.lines().forEach(paragraph -> wrap(paragraph, columns, lines));
        return lines.isEmpty() ? List.of("") : lines;
    }

    private static void wrap(String paragraph, int columns, List<String> lines) {
        StringBuilder line = new StringBuilder();
        for (String word : paragraph.strip().split(" +", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
    }
}
