package dev.graft.osgi;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.adapter.StoredAdapter;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginHolders;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The commands of scope {@code graft} in the shell; what they return is printed line by line. */
public final class GraftShell {
    private final PluginRegistry registry;
    private final List<Path> folders;

    /**
     * Commands on a registry.
     *
     * @param folders whose plugins other processes may use, too
     */
    public GraftShell(PluginRegistry registry, List<Path> folders) {
        this.registry = registry;
        this.folders = List.copyOf(folders);
    }

    /** {@code graft:plugins}: every plugin, where it is from and who holds it; then what is leaving, and what is broken. */
    public String plugins() {
        List<String> lines = new ArrayList<>();
        PluginHolders holders = PluginHolders.of(registry, folders);
        registry.plugins().forEach(plugin -> lines.add(line(plugin, holders)));
        registry.leaving().forEach(plugin -> lines.add(line(plugin, holders) + ", removed and still in use"));
        registry.broken().forEach(broken -> lines.add(broken.sentence()));
        return String.join("\n", lines);
    }

    private static String line(Plugin plugin, PluginHolders all) {
        List<String> holders = all.of(plugin);
        return plugin + "  from " + plugin.provenance() + " ("
                + plugin.provenance().host() + ")"
                + (holders.isEmpty() ? "" : ", held by " + String.join(", ", holders));
    }

    /**
     * {@code graft:adapters DIR}: the adapters of a directory and the methods that made them.
     *
     * @throws dev.graft.spi.config.ConfigurationException if there is none, or one cannot be read
     */
    public String adapters(String directory) {
        List<String> lines = new ArrayList<>();
        try (PluginLease plugins = registry.lease("graft:adapters " + directory)) {
            AdapterStore store = new AdapterStore(plugins);
            store.list(Path.of(directory)).forEach((name, path) -> {
                try (StoredAdapter adapter = store.load(path)) {
                    lines.add(name + "  "
                            + adapter.attachments().stream()
                                    .map(attachment -> attachment.method().id() + "@"
                                            + attachment.method().version())
                                    .collect(Collectors.joining(" + "))
                            + "  in " + path);
                }
            });
        }
        return lines.isEmpty() ? directory + " holds no adapter" : String.join("\n", lines);
    }
}
