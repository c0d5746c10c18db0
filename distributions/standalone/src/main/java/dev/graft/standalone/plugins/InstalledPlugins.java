package dev.graft.standalone.plugins;

import dev.graft.kernel.plugin.ClassLoaderOpener;
import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The plugins of the class path and of the folders, as they are when a command begins. A command that runs for long goes on
 * with those, whatever another one installs meanwhile.
 *
 * @param registry all of them
 * @param folders what opened the jars of the folders, if there are any
 */
public record InstalledPlugins(PluginRegistry registry, Optional<FolderHost> folders) implements AutoCloseable {
    /**
     * Opens them.
     *
     * @param warnings told in a line of what cannot be used
     */
    public static InstalledPlugins open(PluginFolders where, Consumer<String> warnings) {
        PluginRegistry registry = new ServiceLoaderHost(InstalledPlugins.class.getClassLoader()).registry();
        Optional<FolderHost> folders = Optional.empty();
        if (where.all().stream().anyMatch(InstalledPlugins::hasFiles)) {
            FolderHost host = new FolderHost(registry, new ClassLoaderOpener(), where.all());
            host.scan();
            folders = Optional.of(host);
        }
        registry.broken().forEach(broken -> warnings.accept(broken.sentence()));
        PluginPins.read(where.own()).apply(registry, warnings);
        return new InstalledPlugins(registry, folders);
    }

    private static boolean hasFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        folders.ifPresent(FolderHost::close);
    }
}
