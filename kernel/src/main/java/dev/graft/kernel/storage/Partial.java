package dev.graft.kernel.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Hidden names beside a target, under which it is written before it is moved into place. A name carries the process that
 * uses it, so that what a killed process left behind is found and removed the next time the target is written.
 */
final class Partial {
    private static final String MARK = ".partial-";

    private Partial() {}

    /** Whether a path has a name of this kind. */
    static boolean isPartial(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") && name.contains(MARK);
    }

    /** A fresh name beside the target, after removing those of processes that are gone. */
    static Path beside(Path target) throws IOException {
        String stem = "." + target.getFileName() + MARK;
        Path folder = target.getParent();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder)) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString();
                if (name.startsWith(stem) && isAbandoned(name.substring(stem.length()))) {
                    deleteTree(sibling);
                }
            }
        }
        return folder.resolve(stem + ProcessMark.current() + "-" + UUID.randomUUID());
    }

    /** Removes a file or a folder with everything in it; links are removed, not followed. */
    static void deleteTree(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(root)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    private static boolean isAbandoned(String owner) {
        return ProcessMark.of(owner).filter(process -> !process.lives()).isPresent();
    }
}
