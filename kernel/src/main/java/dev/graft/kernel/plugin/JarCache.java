package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Private copies of jars, a directory each. A jar in a folder may be replaced or deleted on any system while its copy is
 * open.
 */
final class JarCache {
    private final Path root;
    private long next;

    JarCache() {
        try {
            root = Files.createTempDirectory("graft-plugins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a jar into a directory of its own. */
    Path copy(Path jar) throws IOException {
        Path directory = Files.createDirectory(root.resolve(Long.toString(next++)));
        return Files.copy(jar, directory.resolve(jar.getFileName().toString()));
    }

    /** Deletes a copy and whatever lies beside it. */
    static void discard(Path copy) {
        delete(copy.getParent());
    }

    /** Deletes everything. */
    void close() {
        delete(root);
    }

    private static void delete(Path directory) {
        try {
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
        } catch (IOException left) {
            // A temporary file that somebody still has open is the system's to clean up.
            directory.toFile().deleteOnExit();
        }
    }
}
