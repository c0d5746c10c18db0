package dev.graft.kernel.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Private copies of jars, a directory each. A jar in a folder may be replaced or deleted on any system while its copy is
 * open.
 */
final class JarCache {
    private final ScratchDirectory root = ScratchDirectory.create("graft-plugins");
    private long next;

    /** Copies a jar into a directory of its own. */
    Path copy(Path jar) throws IOException {
        Path directory = Files.createDirectory(root.path().resolve(Long.toString(next++)));
        return Files.copy(jar, directory.resolve(jar.getFileName().toString()));
    }

    /** Deletes a copy and whatever lies beside it. */
    static void discard(Path copy) {
        ScratchDirectory.discard(copy.getParent());
    }

    /** Deletes everything. */
    void close() {
        root.close();
    }
}
