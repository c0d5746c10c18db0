package dev.graft.standalone.terminal;

import dev.graft.kernel.checkpoint.DownloadListener;

/** Shows downloads: one line that moves on a terminal, else a line at the beginning of each file. */
public final class DownloadProgress implements DownloadListener {
    private final Console console;
    private long shownPercent = -1;

    /** On the error stream of a console, since the output is for results. */
    public DownloadProgress(Console console) {
        this.console = console;
    }

    @Override
    public void progress(String file, long done, long total) {
        if (!console.interactive()) {
            if (done == 0) {
                console.err().println("graft: downloading " + file + (total < 0 ? "" : ", " + ByteCount.text(total)));
            }
            return;
        }
        long percent = total <= 0 ? 0 : 100 * done / total;
        if (percent != shownPercent || done == 0) {
            shownPercent = percent;
            String text = "downloading " + file + "  " + ByteCount.text(done)
                    + (total < 0 ? "" : " of " + ByteCount.text(total) + "  " + percent + "%");
            console.err().print("\r\u001b[K" + text + (done == total ? System.lineSeparator() : ""));
            console.err().flush();
        }
    }
}
