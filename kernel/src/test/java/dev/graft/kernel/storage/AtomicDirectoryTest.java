package dev.graft.kernel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void setUp() {
        target = folder.resolve("target");
    }

    @Test
    void aNewFolderReplacesTheOldOneAltogether() throws IOException {
        write("one.txt");
        write("two.txt");

        assertThat(entries(target)).containsExactly("two.txt");
        assertThat(entries(folder)).containsExactly("target");
    }

    @Test
    void aFailureLeavesTheOldFolderAndNothingElse() throws IOException {
        write("one.txt");

        assertThatThrownBy(() -> AtomicDirectory.write(target, entry -> true, partial -> {
                    AtomicFile.write(partial.resolve("sub/two.txt"), new byte[1]);
                    throw new IllegalStateException("stopped");
                }))
                .hasMessage("stopped");

        assertThat(entries(target)).containsExactly("one.txt");
        assertThat(entries(folder)).containsExactly("target");
    }

    @Test
    void whatMustNotBeLostIsNotReplaced() throws IOException {
        write("diary.txt");

        assertThatThrownBy(() -> AtomicDirectory.write(target, entry -> false, partial -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + target + ": it holds diary.txt, which would be lost; name another folder"
                        + " or move that away");
        assertThat(entries(target)).containsExactly("diary.txt");
    }

    @Test
    void aFileInTheWayIsRefused() throws IOException {
        Files.createFile(target);

        assertThatThrownBy(() -> write("one.txt"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cannot write " + target + ": it is a file, but must be a folder");
    }

    @Test
    void aFolderMovedAsideByAKilledProcessIsTakenBack() throws IOException {
        write("one.txt");
        Files.move(target, folder.resolve(".target.previous"));

        AtomicDirectory.recover(target);

        assertThat(entries(target)).containsExactly("one.txt");
        assertThat(entries(folder)).containsExactly("target");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneWritesIsKept() throws IOException, InterruptedException {
        Process killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        killed.waitFor();
        Files.createDirectories(folder.resolve(".target.partial-" + killed.pid() + "-1-ab/sub"));
        Path living = Partial.beside(target);
        Files.createDirectory(living);

        write("one.txt");

        assertThat(entries(folder)).containsExactly(living.getFileName().toString(), "target");
    }

    private void write(String name) {
        AtomicDirectory.write(
                target,
                entry -> true,
                partial -> AtomicFile.write(partial.resolve(name), name.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
