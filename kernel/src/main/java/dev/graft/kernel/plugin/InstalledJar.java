package dev.graft.kernel.plugin;

import java.util.List;

/**
 * A jar that is open.
 *
 * @param jar what it says about itself
 * @param opened its classes
 * @param plugins those of its plugins that are in the registry
 */
record InstalledJar(PluginJar jar, JarOpener.Opened opened, List<Plugin> plugins) {
    InstalledJar {
        plugins = List.copyOf(plugins);
    }

    String checksum() {
        return jar.provenance().sha256();
    }
}
