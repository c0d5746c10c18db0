package dev.graft.kernel.storage;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes a folder so that a reader finds the old files or the new ones, never a mixture: the files go to a hidden folder
 * beside it, which is then moved into place. A folder that is in the way is first moved aside to
 * {@code .<name>.previous}; a process killed between these two moves leaves it there, and {@link #recover} takes it back.
 */
public final class AtomicDirectory {
    private AtomicDirectory() {}

    /**
     * Writes a folder with all its files, instead of what was there.
     *
     * @param replaceable whether an entry that is there may go; if one may not, nothing is written
     * @param fill writes the files into the folder it is given; how it fails is how this method fails
     * @throws ConfigurationException if the folder cannot be written or holds something else, saying which
     */
    public static void write(Path folder, Predicate<Path> replaceable, Consumer<Path> fill) {
        Path target = folder.toAbsolutePath().normalize();
        if (target.getParent() == null) {
            throw new ConfigurationException("cannot write " + folder + ": it is the root of the file system");
        }
        recover(target);
        try {
            requireReplaceable(target, replaceable);
            Files.createDirectories(target.getParent());
            Path partial = Partial.beside(target);
            try {
                Files.createDirectory(partial);
                fill.accept(partial);
                AtomicFile.forceFolder(partial);
                exchange(partial, target);
            } catch (IOException | RuntimeException e) {
                AtomicFile.removeAfter(e, partial);
                throw e;
            }
            AtomicFile.forceFolder(target.getParent());
        } catch (IOException e) {
            throw AtomicFile.unwritable(folder, e);
        }
    }

    /**
     * Takes a folder back that a killed process had moved aside. Call before reading a folder that {@link #write} wrote.
     *
     * @throws ConfigurationException if it cannot be moved, saying why
     */
    public static void recover(Path folder) {
        Path target = folder.toAbsolutePath().normalize();
        Path previous = previous(target);
        if (Files.notExists(target) && Files.isDirectory(previous)) {
            try {
                Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw AtomicFile.unwritable(folder, e);
            }
        }
    }

    private static void requireReplaceable(Path target, Predicate<Path> replaceable) throws IOException {
        if (Files.notExists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new ConfigurationException("cannot write " + target + ": it is a file, but must be a folder");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
            for (Path entry : entries) {
                if (!replaceable.test(entry)) {
                    throw new ConfigurationException("cannot write " + target + ": it holds " + entry.getFileName()
                            + ", which would be lost; name another folder or move that away");
                }
            }
        }
    }

    private static void exchange(Path partial, Path target) throws IOException {
        if (Files.notExists(target)) {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path previous = previous(target);
        if (Files.exists(previous)) {
            Partial.deleteTree(previous);
        }
        Files.move(target, previous, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        Partial.deleteTree(previous);
    }

    private static Path previous(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".previous");
    }
}
