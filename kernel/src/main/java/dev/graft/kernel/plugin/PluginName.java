package dev.graft.kernel.plugin;

import dev.graft.kernel.config.NearestName;
import dev.graft.spi.config.ConfigurationException;
import java.util.List;
import java.util.Optional;

/**
 * A plugin as recipes name it.
 *
 * @param id its id
 * @param version the version asked for; empty for the newest
 */
record PluginName(String id, Optional<String> version) {
    /** Reads {@code id} or {@code id@version}. */
    static PluginName parse(String name) {
        int at = name.indexOf('@');
        return at < 0
                ? new PluginName(name, Optional.empty())
                : new PluginName(name.substring(0, at), Optional.of(name.substring(at + 1)));
    }

    /**
     * The plugin of that name.
     *
     * @param plugins those of the kind, newest versions first
     * @throws ConfigurationException if it is not there, with the nearest one that is, or a list of all
     */
    Plugin among(PluginKind kind, List<Plugin> plugins) {
        List<Plugin> versions =
                plugins.stream().filter(plugin -> plugin.id().equals(id)).toList();
        if (versions.isEmpty()) {
            throw unknown(kind, plugins);
        }
        if (version.isEmpty()) {
            return versions.get(0);
        }
        return versions.stream()
                .filter(plugin -> plugin.version().equals(version.get()))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no version " + version.get() + " of "
                        + kind.text() + " '" + id + "'; available: "
                        + String.join(
                                ", ", versions.stream().map(Plugin::version).toList())));
    }

    private ConfigurationException unknown(PluginKind kind, List<Plugin> plugins) {
        List<String> known = plugins.stream().map(Plugin::id).distinct().toList();
        String available = known.isEmpty() ? "none" : String.join(", ", known);
        String near = NearestName.to(id, known)
                .map(name -> "did you mean '" + name + "'? ")
                .orElse("");
        return new ConfigurationException(
                "there is no " + kind.text() + " '" + id + "'; " + near + "available: " + available);
    }
}
