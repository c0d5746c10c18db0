package dev.graft.standalone.terminal;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes.
 *
 * @param in what a person types
 * @param out results
 * @param err errors and notes
 * @param interactive whether a person watches {@code out}: lines may be overwritten and coloured
 * @param columns width of the terminal
 */
public record Console(BufferedReader in, PrintWriter out, PrintWriter err, boolean interactive, int columns) {
    private static final int USUAL_COLUMNS = 100;

    /**
     * The process's own streams. The launcher tells by the system properties {@code graft.terminal} and
     * {@code graft.columns} whether they are a terminal and how wide, which Java cannot find out reliably.
     */
    public static Console system() {
        return new Console(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                Boolean.getBoolean("graft.terminal") && !"dumb".equals(System.getenv("TERM")),
                Math.max(40, Integer.getInteger("graft.columns", USUAL_COLUMNS)));
    }
}
