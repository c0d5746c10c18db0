package dev.graft.tokenizers.huggingface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds reference material outside the repository; tests that need it are skipped where it is absent. */
final class Shared {
    private Shared() {}

    /** The folders below {@code name} of the folder that an environment variable, or the layout, points to. */
    static List<Path> folders(String variable, String place, String name) {
        String given = System.getenv(variable);
        Path root = given == null ? repository().resolveSibling("shared").resolve(place) : Path.of(given);
        Path folder = root.resolve(name);
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> folder + " is not there; set " + variable);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.exists(entry.resolve("tokenizer.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder.getParent() != null && !Files.exists(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
