package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at folders from a thread of its own: when the system tells of a change and, since not every file system does,
 * once a second. A change is told once it has settled, so that a jar is not opened while it is being copied.
 */
final class FolderWatch implements AutoCloseable {
    private static final long SETTLED_MILLIS = 200;
    private static final long AT_LEAST_EVERY_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final List<Path> folders;
    private final Consumer<FolderSnapshot> changed;
    private final WatchService service;
    private final Thread thread;
    private FolderSnapshot told;

    FolderWatch(List<Path> folders, FolderSnapshot told, Consumer<FolderSnapshot> changed) {
        this.folders = folders;
        this.told = told;
        this.changed = changed;
        try {
            service = FileSystems.getDefault().newWatchService();
            for (Path folder : folders) {
                folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "graft-plugins");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                await(AT_LEAST_EVERY_MILLIS);
                look();
            }
        } catch (InterruptedException | ClosedWatchServiceException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            FolderSnapshot now = FolderSnapshot.of(folders);
            while (!now.equals(told)) {
                settle();
                FolderSnapshot later = FolderSnapshot.of(folders);
                if (later.equals(now)) {
                    told = later;
                    changed.accept(later);
                }
                now = later;
            }
        } catch (RuntimeException failure) {
            if (failure instanceof ClosedWatchServiceException) {
                throw failure;
            }
            LOG.warn("looking at {} failed, and will be tried again", folders, failure);
        }
    }

    /** Waits for the whole time, whatever the system tells of meanwhile. */
    private void settle() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS);
        for (long left = SETTLED_MILLIS; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            await(left);
        }
    }

    private void await(long millis) throws InterruptedException {
        WatchKey key = service.poll(millis, TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    @Override
    public void close() {
        try {
            service.close();
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
