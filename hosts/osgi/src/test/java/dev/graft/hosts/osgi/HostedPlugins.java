package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.testing.JarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The plugins of the tests' class path, which has no method, and those of a folder. */
final class HostedPlugins implements AutoCloseable {
    private static final Path METHODS = Path.of("../../plugins/methods");

    final PluginRegistry registry = new ServiceLoaderHost(getClass().getClassLoader()).registry();
    final List<String> unloaded = new ArrayList<>();
    final FolderHost host;
    final Path folder;

    HostedPlugins(HostKind kind, Path folder) {
        this.folder = folder;
        this.host = new FolderHost(registry, kind.opener(), List.of(folder));
        registry.events()
                .ofType(PluginEvent.Unloaded.class)
                .subscribe(event -> unloaded.add(event.provenance().name()));
    }

    /** The jar of a method of this build, as if it were of some version. */
    static JarBuilder method(String id, String version) {
        return JarBuilder.named(id + "-" + version).version(version).classes(classes(id));
    }

    /** The classes of a method of this build. */
    static Path classes(String id) {
        Path classes = METHODS.resolve(id).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException(classes + " is not there; build with -am");
        }
        return classes;
    }

    List<String> broken() {
        return registry.broken().stream().map(PluginEvent.Broken::sentence).toList();
    }

    @Override
    public void close() {
        host.close();
    }
}
