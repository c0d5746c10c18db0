package dev.graft.kernel.storage;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that a reader finds the old content or the new one, never a part: the content goes to a hidden file
 * beside it, is forced to disk, and is moved into place. Whatever fails, nothing is left behind.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Produces the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the content from the channel's current position on. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Writes bytes; see {@link #write(Path, long, Content)}. */
    public static void write(Path file, byte[] bytes) {
        write(file, bytes.length, channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    /**
     * Writes a file, making its folder if need be.
     *
     * @param bytes size the content will have, to find out before writing that a disk is too small
     * @throws ConfigurationException if it cannot be written, saying why
     */
    public static void write(Path file, long bytes, Content content) {
        Path target = file.toAbsolutePath().normalize();
        try {
            Files.createDirectories(target.getParent());
            requireSpace(target, bytes);
            Path partial = Partial.beside(target);
            try {
                try (FileChannel channel =
                        FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    content.writeTo(channel);
                    channel.force(true);
                }
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                removeAfter(e, partial);
                throw e;
            }
            forceFolder(target.getParent());
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** The sentence for a file or folder that could not be written. */
    static ConfigurationException unwritable(Path path, IOException cause) {
        return new ConfigurationException("cannot write " + path + ": " + reason(cause), cause);
    }

    /** Removes what was written so far; a failure to do so is reported along with the first one. */
    static void removeAfter(Exception failure, Path partial) {
        try {
            if (Files.exists(partial)) {
                Partial.deleteTree(partial);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Makes a move survive a power failure, where the system lets folders be forced to disk. */
    static void forceFolder(Path folder) throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void requireSpace(Path target, long bytes) throws IOException {
        long usable = Files.getFileStore(target.getParent()).getUsableSpace();
        if (bytes > usable) {
            throw new ConfigurationException("cannot write " + target + ": it takes " + bytes
                    + " bytes, but its disk has only " + usable + " left");
        }
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException denied) {
            return "permission denied for " + place(denied.getFile());
        }
        if (cause instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is a file, but must be a folder";
        }
        if (cause instanceof FileSystemException failed && failed.getReason() != null) {
            return place(failed.getFile()) + ": " + failed.getReason();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** The path to name in a message: the folder, where the path is a hidden name that a person never sees. */
    private static String place(String path) {
        Path named = Path.of(path);
        return Partial.isPartial(named) ? named.getParent().toString() : path;
    }
}
