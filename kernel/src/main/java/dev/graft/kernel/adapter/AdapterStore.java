package dev.graft.kernel.adapter;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.AtomicDirectory;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stores adapters of whatever method, in the files that method's format names, and finds them again.
 *
 * <p>An adapter of one attachment has its files in the directory itself, where the library the format comes from looks
 * for them. One of several attachments has a sub-folder for each. Either way {@code graft_manifest.json} keeps order,
 * methods and versions, {@code training_state.safetensors} keeps what only training needs, and {@code README.md} says
 * what it is. Directories that PEFT wrote, which have no manifest, are read too.
 */
public final class AdapterStore {
    private final Plugins registry;
    private final AdapterFiles files;

    /** A store for the methods of a registry. */
    public AdapterStore(Plugins registry) {
        this.registry = registry;
        this.files = new AdapterFiles(registry);
    }

    /**
     * Opens an adapter.
     *
     * @throws ConfigurationException if the directory holds no adapter that an installed method reads: no describing
     *     file, an unknown technique, no weights, a damaged file
     */
    public StoredAdapter load(Path directory) {
        AtomicDirectory.recover(directory);
        if (!Files.isDirectory(directory)) {
            throw new ConfigurationException("the adapter directory " + directory + " does not exist");
        }
        try (PluginLease kept = registry.keep(PluginKind.METHOD)) {
            return open(directory);
        }
    }

    private StoredAdapter open(Path directory) {
        Optional<AdapterManifest> manifest = AdapterManifest.read(directory);
        if (manifest.isPresent()) {
            return load(directory, manifest.get());
        }
        Map<String, Path> folders = files.describes(directory) ? Map.of() : subfolders(directory);
        Optional<Path> outermost = files.outermost(folders.values());
        if (outermost.isPresent()) {
            return new StoredAdapter(directory, List.of(files.open(outermost.get(), Optional.empty())));
        }
        if (!folders.isEmpty()) {
            throw new ConfigurationException(directory + " holds several adapters, name one of its folders: "
                    + String.join(", ", folders.keySet()));
        }
        return new StoredAdapter(directory, List.of(files.open(directory, Optional.empty())));
    }

    /**
     * The adapters of a directory in PEFT's layout, by name: {@code default} for the one in the directory itself, and
     * the name of the folder for each further one. They are alternatives, not layers of one another.
     */
    public Map<String, Path> list(Path directory) {
        Map<String, Path> adapters = new LinkedHashMap<>();
        boolean layers = Files.exists(directory.resolve(AdapterManifest.FILE));
        try (PluginLease kept = registry.keep(PluginKind.METHOD)) {
            if (layers || files.describes(directory)) {
                adapters.put("default", directory);
            }
            if (!layers) {
                adapters.putAll(subfolders(directory));
            }
        }
        return adapters;
    }

    /**
     * Checks the names of attachments that are to be saved together, those they are built upon among them.
     *
     * @throws ConfigurationException if one cannot be a folder or is there twice
     */
    public static void requireNames(List<String> names) {
        AdapterNames.require(names);
    }

    /**
     * Writes an adapter, whole or not at all, replacing one that is there.
     *
     * @param basePath what the base model was loaded from
     * @param attachments its attachments in the order in which they are attached, at least one
     * @param beside further tensors by the file in the directory itself that holds them
     * @throws ConfigurationException if the directory cannot be written or holds something that is no adapter's
     */
    public void save(
            Path directory,
            String basePath,
            List<NewAttachment> attachments,
            Map<String, Map<String, TensorData>> beside) {
        if (attachments.isEmpty()) {
            throw new IllegalArgumentException("an adapter has at least one attachment");
        }
        List<NewAttachment> all =
                attachments.stream().flatMap(NewAttachment::all).toList();
        AdapterNames.require(all.stream().map(NewAttachment::name).toList());
        try (PluginLease kept = registry.keep(PluginKind.METHOD)) {
            write(directory, basePath, attachments, all, beside);
        }
    }

    private void write(
            Path directory,
            String basePath,
            List<NewAttachment> attachments,
            List<NewAttachment> all,
            Map<String, Map<String, TensorData>> beside) {
        Set<String> names = fileNames(all, basePath);
        names.addAll(beside.keySet());
        AtomicDirectory.write(directory, entry -> isReplaceable(entry, names), target -> {
            boolean alone = all.size() == 1;
            List<AdapterManifest.Entry> entries = new ArrayList<>();
            boolean peft = false;
            for (NewAttachment attachment : attachments) {
                entries.add(entry(attachment, alone));
            }
            for (NewAttachment attachment : all) {
                String folder = alone ? AdapterManifest.HERE : attachment.name();
                Map<String, Object> description = write(target.resolve(folder), basePath, attachment);
                peft = alone && description.containsKey("peft_type");
            }
            beside.forEach((file, tensors) -> SafetensorsWriter.write(target.resolve(file), tensors));
            new AdapterManifest(entries).write(target);
            ModelCard.write(target, basePath, all, peft);
        });
    }

    /** Writes an adapter with nothing beside it. */
    public void save(Path directory, String basePath, List<NewAttachment> attachments) {
        save(directory, basePath, attachments, Map.of());
    }

    private static AdapterManifest.Entry entry(NewAttachment attachment, boolean alone) {
        return new AdapterManifest.Entry(
                alone ? AdapterManifest.HERE : attachment.name(),
                attachment.name(),
                attachment.method().id(),
                attachment.method().version(),
                attachment.parts().stream().map(part -> entry(part, false)).toList(),
                attachment.tasks());
    }

    private static Map<String, Object> write(Path folder, String basePath, NewAttachment attachment) {
        AdapterFormat format = attachment.method().format();
        AdapterFormat.Described described = attachment.described(basePath);
        Map<String, Object> description = format.write(described);
        JsonFile.write(folder.resolve(format.configFile()), description);
        format.writeFurther(described).forEach((name, further) -> JsonFile.write(folder.resolve(name), further));
        Map<String, Map<String, TensorData>> byFile = new TreeMap<>();
        byFile.put(format.weightsFile(), new LinkedHashMap<>());
        attachment
                .state()
                .forEach((name, data) -> byFile.computeIfAbsent(format.fileOf(name), file -> new LinkedHashMap<>())
                        .put(name, data));
        byFile.forEach((file, tensors) -> SafetensorsWriter.write(folder.resolve(file), tensors));
        if (!attachment.side().isEmpty()) {
            SafetensorsWriter.write(folder.resolve(AdapterFiles.SIDE_FILE), attachment.side());
        }
        return description;
    }

    private StoredAdapter load(Path directory, AdapterManifest manifest) {
        List<StoredAttachment> opened = new ArrayList<>();
        try {
            for (AdapterManifest.Entry entry : manifest.attachments()) {
                opened.add(files.open(directory.resolve(entry.folder()).normalize(), Optional.of(entry)));
            }
            return new StoredAdapter(directory, opened);
        } catch (RuntimeException e) {
            opened.forEach(StoredAttachment::close);
            throw e;
        }
    }

    private Map<String, Path> subfolders(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(files::describes)
                    .sorted()
                    .collect(Collectors.toMap(AdapterStore::name, path -> path, (a, b) -> a, LinkedHashMap::new));
        } catch (IOException e) {
            throw new ConfigurationException("the adapter directory " + directory + " cannot be read: " + e, e);
        }
    }

    private Set<String> fileNames(List<NewAttachment> attachments, String basePath) {
        Set<String> names = new TreeSet<>(Set.of(AdapterManifest.FILE, AdapterFiles.SIDE_FILE, ModelCard.FILE));
        Stream.concat(registry.methods().stream(), attachments.stream().map(NewAttachment::method))
                .forEach(method -> {
                    names.add(method.format().configFile());
                    names.add(method.format().weightsFile());
                    names.addAll(method.format().furtherFiles());
                });
        attachments.forEach(attachment -> names.addAll(attachment
                .method()
                .format()
                .writeFurther(attachment.described(basePath))
                .keySet()));
        return names;
    }

    private boolean isReplaceable(Path entry, Set<String> names) {
        if (!Files.isDirectory(entry)) {
            return names.contains(name(entry));
        }
        try (Stream<Path> inside = Files.list(entry)) {
            return files.describes(entry)
                    && inside.allMatch(file -> Files.isRegularFile(file) && names.contains(name(file)));
        } catch (IOException e) {
            throw new ConfigurationException("the folder " + entry + " cannot be read: " + e, e);
        }
    }

    private static String name(Path path) {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }
}
