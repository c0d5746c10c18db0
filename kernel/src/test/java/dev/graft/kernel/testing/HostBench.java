package dev.graft.kernel.testing;

import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.JarOpener;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host on a fresh folder. */
final class HostBench implements AutoCloseable {
    final PluginRegistry registry = new PluginRegistry();
    final List<String> unloaded = new ArrayList<>();
    final Path folder;
    final FolderHost host;
    private final Path scratch;

    HostBench(JarOpener opener, Path scratch) {
        this.scratch = scratch;
        this.folder = fresh();
        this.host = new FolderHost(registry, opener, List.of(folder));
        registry.events()
                .ofType(PluginEvent.Unloaded.class)
                .subscribe(event -> unloaded.add(event.provenance().name()));
    }

    /** A folder that is not looked into, each time another one. */
    Path fresh() {
        try {
            return Files.createTempDirectory(scratch, "plugins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> names() {
        return registry.plugins().stream().map(Plugin::toString).toList();
    }

    List<String> broken() {
        return registry.broken().stream().map(PluginEvent.Broken::sentence).toList();
    }

    @Override
    public void close() {
        host.close();
    }
}
