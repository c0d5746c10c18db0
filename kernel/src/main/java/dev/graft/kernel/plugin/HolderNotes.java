package dev.graft.kernel.plugin;

import dev.graft.kernel.storage.ProcessMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Tells other processes which plugins of some folders this one uses: a file for each process in {@value #DIRECTORY} of a
 * folder, there as long as something of the folder is used. A file whose process is gone, or has another's number,
 * counts for nothing. A folder that cannot be written to has none, and nothing else comes of that.
 */
final class HolderNotes implements AutoCloseable {
    /** Where the files are, in a folder of plugins. */
    static final String DIRECTORY = ".holders";

    private static final Logger LOG = LoggerFactory.getLogger(HolderNotes.class);
    private static final AtomicLong COUNT = new AtomicLong();

    private final PluginRegistry registry;
    private final Set<Path> folders;
    private final Set<Path> written = new HashSet<>();
    private final String name = ProcessMark.current() + "-" + COUNT.incrementAndGet();
    private final Disposable following;

    HolderNotes(PluginRegistry registry, List<Path> folders) {
        this.registry = registry;
        this.folders = Set.copyOf(folders);
        this.following = registry.events().subscribe(this::follow);
    }

    /** Called by one thread at a time, which has the registry's monitor. */
    private void follow(PluginEvent event) {
        Plugin plugin = null;
        if (event instanceof PluginEvent.Held held) {
            plugin = held.plugin();
        } else if (event instanceof PluginEvent.Released released) {
            plugin = released.plugin();
        }
        Path jar = plugin == null ? null : plugin.provenance().jar();
        if (jar != null && folders.contains(jar.getParent())) {
            note(jar.getParent());
        }
    }

    private void note(Path folder) {
        List<String> lines = new ArrayList<>();
        registry.held().forEach((plugin, holders) -> {
            Path jar = plugin.provenance().jar();
            if (jar != null && folder.equals(jar.getParent())) {
                holders.forEach(
                        holder -> lines.add(HeldPlugin.here(plugin, holder).line()));
            }
        });
        try {
            if (lines.isEmpty()) {
                remove(folder);
            } else {
                write(folder, lines);
            }
        } catch (IOException e) {
            LOG.debug("other processes are not told what is used of {}", folder, e);
        }
    }

    private void write(Path folder, List<String> lines) throws IOException {
        Path directory = folder.resolve(DIRECTORY);
        try {
            replace(Files.createDirectories(directory).resolve(name), lines);
        } catch (NoSuchFileException e) {
            // Another process found the directory empty, and removed it.
            replace(Files.createDirectories(directory).resolve(name), lines);
        }
        written.add(folder);
    }

    private static void replace(Path file, List<String> lines) throws IOException {
        Path partial = file.resolveSibling("." + file.getFileName());
        Files.write(partial, lines);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void remove(Path folder) throws IOException {
        if (written.remove(folder)) {
            Files.deleteIfExists(folder.resolve(DIRECTORY).resolve(name));
            tidy(folder.resolve(DIRECTORY));
        }
    }

    /** What other processes note about a folder. */
    static List<HeldPlugin> others(Path folder) {
        Path directory = folder.resolve(DIRECTORY);
        List<HeldPlugin> held = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.sorted().forEach(file -> held.addAll(other(file)));
                tidy(directory);
            } catch (IOException | UncheckedIOException e) {
                LOG.debug("what others use of {} cannot be read", folder, e);
            }
        }
        return held;
    }

    private static List<HeldPlugin> other(Path file) {
        ProcessMark process = ProcessMark.of(file.getFileName().toString()).orElse(null);
        if (process == null || process.equals(ProcessMark.current())) {
            return List.of();
        }
        try {
            if (!process.lives()) {
                Files.deleteIfExists(file);
                return List.of();
            }
            return Files.readAllLines(file).stream()
                    .flatMap(line -> HeldPlugin.parse(line, process.id()).stream())
                    .toList();
        } catch (IOException e) {
            LOG.debug("the note {} is passed over", file, e);
            return List.of();
        }
    }

    /** Removes the directory if it is empty. */
    private static void tidy(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.deleteIfExists(directory);
    }

    /** Stops following; what was noted is removed. */
    @Override
    public void close() {
        following.dispose();
        synchronized (registry) {
            for (Path folder : List.copyOf(written)) {
                try {
                    remove(folder);
                } catch (IOException e) {
                    LOG.debug("the note about {} stays", folder, e);
                }
            }
        }
    }
}
