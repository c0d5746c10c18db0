package dev.graft.standalone.chat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.config.NearestName;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.model.ModelSession;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The adapters of a conversation by name, the base among them, and the one in use. */
public final class AdapterShelf {
    private final Map<String, List<AttachedAdapter>> adapters = new LinkedHashMap<>();
    private String current = ModelChoice.BASE;

    /**
     * Loads adapters. Each is called by the name of its directory, or by that of its run's where the directory is a
     * run's {@code adapter}; a number tells namesakes apart. The first is in use.
     */
    public AdapterShelf(ModelSession session, List<String> directories) {
        adapters.put(ModelChoice.BASE, List.of());
        String first = null;
        for (String directory : directories) {
            String name = ModelChoice.BASE;
            if (!ModelChoice.isBase(directory)) {
                name = free(name(Path.of(directory)));
                adapters.put(name, session.adapter(Path.of(directory)));
            }
            first = first == null ? name : first;
        }
        current = first == null ? ModelChoice.BASE : first;
    }

    /** All names, the base first. */
    public Set<String> names() {
        return adapters.keySet();
    }

    /** The name of the one in use. */
    public String current() {
        return current;
    }

    /** What the one in use attaches; empty for the base. */
    public List<AttachedAdapter> attached() {
        return adapters.get(current);
    }

    /**
     * Uses another one.
     *
     * @throws ConfigurationException if there is none of this name
     */
    public void use(String name) {
        String meant = ModelChoice.isBase(name) ? ModelChoice.BASE : name;
        if (!adapters.containsKey(meant)) {
            throw new ConfigurationException(
                    "there is no adapter '" + name + "'; " + NearestName.suggestion(name, adapters.keySet()));
        }
        current = meant;
    }

    private String free(String name) {
        String candidate = name;
        for (int number = 2; adapters.containsKey(candidate); number++) {
            candidate = name + "-" + number;
        }
        return candidate;
    }

    private static String name(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        Path named = path.endsWith("adapter") && path.getParent().getFileName() != null ? path.getParent() : path;
        return named.getFileName().toString();
    }
}
