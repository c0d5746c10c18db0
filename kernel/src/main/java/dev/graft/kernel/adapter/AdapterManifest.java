package dev.graft.kernel.adapter;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code graft_manifest.json}: what an adapter directory holds, in the order of attachment. Other libraries ignore it.
 *
 * @param attachments one entry for each attachment
 */
record AdapterManifest(List<Entry> attachments) {
    static final String FILE = "graft_manifest.json";

    /** The folder that means the directory itself. */
    static final String HERE = ".";

    private static final int VERSION = 1;

    /**
     * One attachment.
     *
     * @param folder the sub-folder with its files, or {@link #HERE}
     * @param name the attachment's name
     * @param method the id of the method that made it
     * @param version that method's version
     * @param parts what it is built upon, each in a folder beside its own
     * @param tasks the tasks it serves, where a run learnt several; else empty
     */
    record Entry(String folder, String name, String method, String version, List<Entry> parts, List<String> tasks) {
        private Map<String, Object> toMap() {
            Map<String, Object> map =
                    new TreeMap<>(Map.of("folder", folder, "name", name, "method", method, "version", version));
            if (!parts.isEmpty()) {
                map.put("parts", parts.stream().map(Entry::toMap).toList());
            }
            if (!tasks.isEmpty()) {
                map.put("tasks", tasks);
            }
            return map;
        }
    }

    /** The manifest of a directory, if it has one. */
    static Optional<AdapterManifest> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        Map<String, Object> content = JsonFile.read(file);
        if (!Integer.valueOf(VERSION).equals(content.get("manifest_version"))) {
            throw new ConfigurationException(file + " has manifest_version " + content.get("manifest_version")
                    + ", but only " + VERSION + " is understood: it was written by another version of Graft");
        }
        if (!(content.get("attachments") instanceof List<?> list) || list.isEmpty()) {
            throw new ConfigurationException(file + " must have a list 'attachments' with at least one entry");
        }
        List<Entry> entries = new ArrayList<>();
        for (Object entry : list) {
            entries.add(entry(file, entry));
        }
        return Optional.of(new AdapterManifest(entries));
    }

    /** Writes the manifest into a directory. */
    void write(Path directory) {
        JsonFile.write(
                directory.resolve(FILE),
                Map.of(
                        "manifest_version",
                        VERSION,
                        "attachments",
                        attachments.stream().map(Entry::toMap).toList()));
    }

    private static Entry entry(Path file, Object entry) {
        if (entry instanceof Map<?, ?> map
                && map.get("folder") instanceof String folder
                && map.get("name") instanceof String name
                && map.get("method") instanceof String method
                && map.get("version") instanceof String version
                && (folder.equals(HERE) || AdapterNames.isPlain(folder))) {
            List<Entry> parts = new ArrayList<>();
            if (map.get("parts") instanceof List<?> list) {
                list.forEach(part -> parts.add(entry(file, part)));
            }
            List<String> tasks = new ArrayList<>();
            if (map.get("tasks") instanceof List<?> list) {
                list.forEach(task -> tasks.add(String.valueOf(task)));
            }
            return new Entry(folder, name, method, version, List.copyOf(parts), List.copyOf(tasks));
        }
        throw new ConfigurationException(file + " has the attachment " + entry
                + ", but each must have folder (a sub-folder's name or '" + HERE + "'), name, method and version");
    }
}
