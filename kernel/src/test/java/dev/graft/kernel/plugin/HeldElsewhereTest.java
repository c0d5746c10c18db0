package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.kernel.storage.ProcessMark;
import dev.graft.kernel.testing.HoldingProcess;
import dev.graft.kernel.testing.SamplePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldElsewhereTest {
    @TempDir
    private Path directory;

    private Path folder;
    private Path temporary;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        folder = directory.resolve("plugins");
        temporary = Files.createDirectory(directory.resolve("temporary"));
        jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(folder);
    }

    @Test
    void whatAnotherProcessUsesIsSeenUntilItEnds() {
        String checksum = Sha256.of(jar);
        try (HoldingProcess other = HoldingProcess.start(folder, temporary, "training run runs/a")) {
            List<HeldPlugin> held = HeldPlugin.elsewhere(List.of(folder, directory));

            assertThat(held)
                    .containsExactly(new HeldPlugin(
                            PluginKind.OPTIMIZER, "sample", "1.0.0", checksum, "training run runs/a", other.id()));
            assertThat(held.get(0).who()).isEqualTo("training run runs/a (process " + other.id() + ")");
        }
        assertThat(HeldPlugin.elsewhere(List.of(folder))).isEmpty();
        assertThat(folder.resolve(HolderNotes.DIRECTORY)).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatAKilledProcessUsedIsForgottenAndItsCopiesAreSwept() throws IOException {
        try (HoldingProcess killed = HoldingProcess.start(folder, temporary, "a run")) {
            killed.kill();
        }
        Path left = only(temporary);
        assertThat(folder.resolve(HolderNotes.DIRECTORY)).isNotEmptyDirectory();
        assertThat(left).isNotEmptyDirectory();

        try (HoldingProcess next = HoldingProcess.start(folder, temporary, "another run")) {
            assertThat(left).doesNotExist();
            assertThat(only(temporary)).isNotEmptyDirectory();
            assertThat(HeldPlugin.elsewhere(List.of(folder)))
                    .extracting(HeldPlugin::process)
                    .containsExactly(next.id());
        }
        assertThat(HeldPlugin.elsewhere(List.of(folder))).isEmpty();
        assertThat(folder.resolve(HolderNotes.DIRECTORY)).doesNotExist();
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void aNoteCountsOnlyWhileItsProcessRuns() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        assumeThat(parent).as("a process that runs besides this one").isNotNull();
        long started = parent.info().startInstant().orElseThrow().toEpochMilli();
        Path notes = Files.createDirectory(folder.resolve(HolderNotes.DIRECTORY));
        String line = "method\tlora\t1.0.0\tabc\ta run\n";
        Files.writeString(notes.resolve(parent.pid() + "-" + started + "-1"), line + "nonsense\n");
        Path earlier = Files.writeString(notes.resolve(parent.pid() + "-" + (started - 60_000) + "-1"), line);
        Path ended = Files.writeString(notes.resolve("999999999-1-1"), line);
        Path mine = Files.writeString(notes.resolve(ProcessMark.current() + "-7"), line);
        Files.writeString(notes.resolve("read me"), line);

        assertThat(HeldPlugin.elsewhere(List.of(folder)))
                .containsExactly(new HeldPlugin(PluginKind.METHOD, "lora", "1.0.0", "abc", "a run", parent.pid()));
        assertThat(earlier).doesNotExist();
        assertThat(ended).doesNotExist();
        assertThat(mine).exists();
    }

    @Test
    void aLookAtPluginsIsNotNotedAndALeaseIsAsLongAsItLasts() {
        PluginRegistry registry = new PluginRegistry();
        try (FolderHost host = new FolderHost(registry, new ClassLoaderOpener(), List.of(folder))) {
            host.scan();
            Path notes = folder.resolve(HolderNotes.DIRECTORY);
            try (PluginLease look = registry.keep(PluginKind.OPTIMIZER)) {
                assertThat(look.held()).hasSize(1);
                assertThat(notes).doesNotExist();
            }
            try (PluginLease lease = registry.lease("a run")) {
                lease.optimizer("sample");
                assertThat(notes)
                        .isDirectoryContaining(file ->
                                content(file).equals("optimizer\tsample\t1.0.0\t" + Sha256.of(jar) + "\ta run\n"));
                delete(jar);
                host.scan();
                assertThat(notes).as("what is removed is still used").isNotEmptyDirectory();
            }
            assertThat(notes).doesNotExist();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenToStopsNothing() throws IOException {
        Files.writeString(folder.resolve(HolderNotes.DIRECTORY), "no directory");
        PluginRegistry registry = new PluginRegistry();
        try (FolderHost host = new FolderHost(registry, new ClassLoaderOpener(), List.of(folder))) {
            host.scan();
            try (PluginLease lease = registry.lease("a run")) {
                assertThat(lease.optimizer("sample").summary()).isEqualTo("a sample");
                assertThat(HeldPlugin.elsewhere(List.of(folder))).isEmpty();
            }
        }
        assertThat(folder.resolve(HolderNotes.DIRECTORY)).hasContent("no directory");
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
