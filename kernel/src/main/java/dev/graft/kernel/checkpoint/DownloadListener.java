package dev.graft.kernel.checkpoint;

/** Told how a download goes on. */
@FunctionalInterface
public interface DownloadListener {
    /** Tells nobody. */
    DownloadListener SILENT = (file, done, total) -> {};

    /**
     * Called when a file is begun, after every piece of it, and when it is complete.
     *
     * @param file its name in the repository
     * @param done bytes that are there
     * @param total bytes in all, or -1 where the server does not say
     */
    void progress(String file, long done, long total);
}
