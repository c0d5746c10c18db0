package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory for temporary files, removed when it is closed. One whose process was killed is removed by the next process
 * that makes one for the same purpose: it finds that nobody holds the lock on the file {@value #LOCK} in it any more.
 */
public final class ScratchDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int TRIES = 10;

    /** Those of this process, since opening a lock's file a second time and closing it gives the lock up. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private ScratchDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one where the system has temporary files, after removing those that processes left.
     *
     * @param purpose what its name begins with
     */
    public static ScratchDirectory create(String purpose) {
        return create(Path.of(System.getProperty("java.io.tmpdir")), purpose);
    }

    /** Makes one in a directory. */
    static ScratchDirectory create(Path parent, String purpose) {
        sweep(parent, purpose);
        try {
            for (int i = 1; ; i++) {
                Path path = Files.createTempDirectory(parent, purpose + "-").toAbsolutePath();
                OWN.add(path);
                FileChannel channel =
                        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (locked(channel) || i == TRIES) {
                    return new ScratchDirectory(path, channel);
                }
                // Another process took it for one that was left.
                channel.close();
                OWN.remove(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the lock; true, too, where files cannot be locked, so that nobody removes anything. */
    private static boolean locked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException cannot) {
            return true;
        }
    }

    private static void sweep(Path parent, String purpose) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, purpose + "-*")) {
            for (Path directory : found) {
                if (!OWN.contains(directory.toAbsolutePath()) && isLeft(directory.resolve(LOCK))) {
                    delete(directory);
                }
            }
        } catch (IOException e) {
            // What cannot be swept stays.
            return;
        }
    }

    private static boolean isLeft(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Deletes a directory and what is in it, as far as that is possible. */
    public static void discard(Path directory) {
        try {
            delete(directory);
        } catch (IOException left) {
            // A temporary file that somebody still has open is the system's to clean up.
            directory.toFile().deleteOnExit();
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            discard(path);
            OWN.remove(path);
        }
    }
}
