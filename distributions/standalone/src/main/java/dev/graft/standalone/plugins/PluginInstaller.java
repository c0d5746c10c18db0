package dev.graft.standalone.plugins;

import dev.graft.kernel.plugin.Admission;
import dev.graft.kernel.plugin.BrokenJarException;
import dev.graft.kernel.plugin.ClassLoaderOpener;
import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ScratchDirectory;
import dev.graft.kernel.plugin.Sha256;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes which jars lie in the own folder of plugins. A jar is tried before it is put there, and is there whole or not at
 * all; what runs keeps the copies it has.
 *
 * @param folder the folder
 * @param registry what is installed now
 */
public record PluginInstaller(Path folder, PluginRegistry registry) {
    /**
     * Puts a jar into the folder.
     *
     * @return its plugins
     * @throws ConfigurationException if it cannot be used, is not allowed, or brings a version that is there already
     */
    public List<Plugin> install(Path jar) {
        List<Plugin> plugins = tried(jar);
        for (Plugin plugin : plugins) {
            same(plugin).ifPresent(there -> {
                throw new ConfigurationException(jar + " is not installed: " + there + " is already there, from "
                        + there.provenance() + "; graft plugins update replaces it");
            });
        }
        Path target = folder.resolve(jar.getFileName().toString());
        if (Files.exists(target)) {
            throw new ConfigurationException(
                    jar + " is not installed: there is another " + target + "; graft plugins update replaces it");
        }
        copy(jar, target);
        return plugins;
    }

    /**
     * Puts a jar into the folder in place of the jars there whose plugins it has, of whatever version.
     *
     * @return its plugins
     * @throws ConfigurationException if it cannot be used, is not allowed, or has something that came with the program
     */
    public List<Plugin> update(Path jar) {
        List<Plugin> plugins = tried(jar);
        for (Plugin plugin : plugins) {
            same(plugin).filter(there -> !isOwn(there)).ifPresent(there -> {
                throw new ConfigurationException(
                        jar + " is not installed: " + there + " comes with the program, from " + there.provenance());
            });
        }
        Set<String> names = names(plugins);
        List<Path> replaced = own().stream()
                .filter(plugin -> names.contains(name(plugin)))
                .map(plugin -> plugin.provenance().jar())
                .distinct()
                .filter(other -> names.containsAll(names(of(other))))
                .toList();
        Path target = folder.resolve(jar.getFileName().toString());
        copy(jar, target);
        replaced.stream().filter(other -> !other.equals(target)).forEach(PluginInstaller::delete);
        return plugins;
    }

    /**
     * Deletes the jars of a plugin from the folder.
     *
     * @param found the plugin, of one version or of several
     * @return all plugins that are gone with these jars
     * @throws ConfigurationException if none of them is in the folder
     */
    public List<Plugin> remove(List<Plugin> found) {
        List<Path> jars = found.stream()
                .filter(this::isOwn)
                .map(plugin -> plugin.provenance().jar())
                .distinct()
                .toList();
        if (jars.isEmpty()) {
            Plugin first = found.get(0);
            throw new ConfigurationException(
                    first + " comes with the program, from " + first.provenance() + ", and cannot be removed");
        }
        List<Plugin> gone = new ArrayList<>();
        jars.forEach(jar -> {
            gone.addAll(of(jar));
            delete(jar);
        });
        return gone;
    }

    private List<Plugin> tried(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new ConfigurationException("there is no file " + jar);
        }
        if (!jar.getFileName().toString().endsWith(".jar")) {
            throw new ConfigurationException(jar + " is not installed: its name does not end in .jar");
        }
        try {
            Admission.of(folder).check(jar, Sha256.of(jar));
            return trial(jar);
        } catch (BrokenJarException e) {
            throw new ConfigurationException(jar + " is not installed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException(jar + " cannot be read: " + e, e);
        }
    }

    /** Opens a copy of a jar in a folder of its own. */
    private static List<Plugin> trial(Path jar) throws IOException {
        PluginRegistry alone = new PluginRegistry();
        try (ScratchDirectory scratch = ScratchDirectory.create("graft-trial")) {
            Files.copy(jar, scratch.path().resolve(jar.getFileName().toString()));
            try (FolderHost host = new FolderHost(alone, new ClassLoaderOpener(), List.of(scratch.path()))) {
                host.scan();
                List<PluginEvent.Broken> broken = alone.broken();
                if (!broken.isEmpty()) {
                    throw new ConfigurationException(
                            jar + " is not installed: " + broken.get(0).reason());
                }
                return alone.plugins();
            }
        }
    }

    private Optional<Plugin> same(Plugin plugin) {
        return registry.plugins(plugin.kind()).stream()
                .filter(other ->
                        other.id().equals(plugin.id()) && other.version().equals(plugin.version()))
                .findFirst();
    }

    private List<Plugin> own() {
        return registry.plugins().stream().filter(this::isOwn).toList();
    }

    private boolean isOwn(Plugin plugin) {
        Path jar = plugin.provenance().jar();
        return jar != null && folder.equals(jar.getParent());
    }

    private List<Plugin> of(Path jar) {
        return registry.plugins().stream()
                .filter(plugin -> jar.equals(plugin.provenance().jar()))
                .toList();
    }

    private static Set<String> names(List<Plugin> plugins) {
        return plugins.stream().map(PluginInstaller::name).collect(Collectors.toCollection(HashSet::new));
    }

    private static String name(Plugin plugin) {
        return plugin.kind().text() + " " + plugin.id();
    }

    private static void copy(Path jar, Path target) {
        try {
            AtomicFile.write(target, Files.readAllBytes(jar));
        } catch (IOException e) {
            throw new ConfigurationException(jar + " cannot be read: " + e, e);
        }
    }

    private static void delete(Path jar) {
        try {
            Files.deleteIfExists(jar);
        } catch (IOException e) {
            throw new ConfigurationException(jar + " cannot be deleted: " + e, e);
        }
    }
}
