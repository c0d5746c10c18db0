package dev.graft.standalone.plugins;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Versions that are taken where a recipe names none, kept in the file {@code pins} of a folder of plugins, one {@code
 * id@version} a line.
 *
 * @param file where they are kept
 * @param versions version by id
 */
public record PluginPins(Path file, Map<String, String> versions) {
    /** The name of the file. */
    public static final String FILE = "pins";

    /** Copies the map. */
    public PluginPins {
        versions = Map.copyOf(versions);
    }

    /**
     * The pins of a folder.
     *
     * @throws ConfigurationException if the file holds something else
     */
    public static PluginPins read(Path folder) {
        Path file = folder.resolve(FILE);
        Map<String, String> versions = new TreeMap<>();
        if (Files.isRegularFile(file)) {
            int number = 0;
            for (String line : lines(file)) {
                number++;
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                if (!text.matches("[^@\\s]+@[^@\\s]+")) {
                    throw new ConfigurationException(file + ":" + number + ": '" + text
                            + "' is no pin; expected id@version, for instance lora@1.0.0");
                }
                versions.put(text.substring(0, text.indexOf('@')), text.substring(text.indexOf('@') + 1));
            }
        }
        return new PluginPins(file, versions);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new ConfigurationException("the pinned versions in " + file + " cannot be read: " + e, e);
        }
    }

    /** The same with one more pin, in place of another of that id. */
    public PluginPins with(String id, String version) {
        Map<String, String> more = new TreeMap<>(versions);
        more.put(id, version);
        return new PluginPins(file, more);
    }

    /** The same without the pin of an id. */
    public PluginPins without(String id) {
        Map<String, String> fewer = new TreeMap<>(versions);
        fewer.remove(id);
        return new PluginPins(file, fewer);
    }

    /** Each as {@code id@version}, by id. */
    public List<String> texts() {
        return new TreeMap<>(versions)
                .entrySet().stream()
                        .map(pin -> pin.getKey() + "@" + pin.getValue())
                        .toList();
    }

    /** Writes the file. */
    public void write() {
        String text = String.join("", texts().stream().map(pin -> pin + "\n").toList());
        AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Has the pinned versions taken, and warns of those that are not there. */
    void apply(PluginRegistry registry, Consumer<String> warnings) {
        versions.forEach((id, version) -> {
            List<Plugin> pinned = registry.plugins().stream()
                    .filter(plugin -> plugin.id().equals(id) && plugin.version().equals(version))
                    .toList();
            pinned.forEach(plugin -> registry.pin(plugin.kind(), id, version));
            if (pinned.isEmpty()) {
                warnings.accept(file + " pins " + id + "@" + version
                        + ", which is not installed; the newest version there is will be taken");
            }
        });
    }
}
