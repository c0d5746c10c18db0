package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void itIsGoneWithWhatIsInItWhenItIsClosed() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create(parent, "scratch")) {
            Files.writeString(
                    Files.createDirectory(scratch.path().resolve("folder")).resolve("file"), "text");
            assertThat(scratch.path().getFileName().toString()).startsWith("scratch-");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatNobodyHoldsIsSweptWhenTheNextOneIsMade() throws IOException {
        Path left = Files.createDirectory(parent.resolve("scratch-left"));
        Files.writeString(left.resolve("lock"), "");
        Files.writeString(left.resolve("file"), "text");
        Path other = Files.createDirectory(parent.resolve("other-left"));
        Files.writeString(other.resolve("lock"), "");
        Path unknown = Files.createDirectory(parent.resolve("scratch-without-a-lock"));
        try (ScratchDirectory first = ScratchDirectory.create(parent, "scratch");
                ScratchDirectory second = ScratchDirectory.create(parent, "scratch")) {
            assertThat(left).doesNotExist();
            assertThat(parent).isDirectoryContaining(other::equals).isDirectoryContaining(unknown::equals);
            assertThat(first.path()).isNotEmptyDirectory().isNotEqualTo(second.path());
        }
        assertThat(parent.toFile().list()).containsExactlyInAnyOrder("other-left", "scratch-without-a-lock");
    }
}
