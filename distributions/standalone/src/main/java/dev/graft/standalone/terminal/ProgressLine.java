package dev.graft.standalone.terminal;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.LongSupplier;

/** A line at the bottom of a terminal that is written over as work goes on; nothing where no person watches. */
public final class ProgressLine {
    private static final int BAR = 20;
    private static final long PAUSE_NANOS = 80_000_000L;
    private static final String ERASE = "\r\u001b[K";

    private final Console console;
    private final PrintWriter writer;
    private final LongSupplier clock;
    private long drawnAt;
    private boolean visible;

    /**
     * A line on one of the streams of a console.
     *
     * @param clock the time in nanoseconds, since a terminal need not be redrawn more often than eyes see
     */
    public ProgressLine(Console console, PrintWriter writer, LongSupplier clock) {
        this.console = console;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Draws the line anew.
     *
     * @param fraction share of the work that is done, from 0 to 1
     * @param parts what to say beside the bar, as many from the first on as the line has room for
     */
    public void show(double fraction, List<String> parts) {
        long now = clock.getAsLong();
        if (!console.interactive() || (visible && fraction < 1 && now - drawnAt < PAUSE_NANOS)) {
            return;
        }
        drawnAt = now;
        visible = true;
        writer.print(ERASE + line(fraction, parts, console.columns() - 1));
        writer.flush();
    }

    /** Removes the line, so that something else can be printed. */
    public void clear() {
        if (visible) {
            writer.print(ERASE);
            writer.flush();
            visible = false;
        }
    }

    /** The text of the line, at most so many columns. */
    static String line(double fraction, List<String> parts, int columns) {
        double done = Math.max(0, Math.min(1, fraction));
        int full = (int) Math.floor(done * BAR);
        StringBuilder line = new StringBuilder(String.format(
                "%3d%% %s%s", (int) Math.floor(100 * done), "\u2588".repeat(full), "\u2591".repeat(BAR - full)));
        for (String part : parts) {
            if (line.length() + 2 + part.length() > columns) {
                break;
            }
            line.append("  ").append(part);
        }
        return line.length() > columns ? line.substring(0, columns) : line.toString();
    }
}
