package dev.graft.kernel.adapter;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.MethodProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the files of one attachment with the installed method that recognises them. */
final class AdapterFiles {
    static final String SIDE_FILE = "training_state.safetensors";

    private final Plugins registry;

    AdapterFiles(Plugins registry) {
        this.registry = registry;
    }

    /** The names of describing files that installed methods look for, sorted. */
    Set<String> configFiles() {
        Set<String> names = new TreeSet<>();
        registry.methods().forEach(method -> names.add(method.format().configFile()));
        return names;
    }

    /** Whether a folder has a describing file. */
    boolean describes(Path folder) {
        return configFiles().stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
    }

    /**
     * Opens one attachment.
     *
     * @param made what the manifest says about it, if there is one
     */
    StoredAttachment open(Path folder, Optional<AdapterManifest.Entry> made) {
        MethodProvider<?> method = provider(taken(folder, made));
        AdapterFormat format = method.format();
        Map<String, Object> description = JsonFile.read(folder.resolve(format.configFile()));
        Map<String, Object> configuration = read(format, folder.resolve(format.configFile()), description);
        String name = made.map(AdapterManifest.Entry::name)
                .or(() -> format.name(description))
                .orElseGet(() -> name(folder));
        if (Files.notExists(folder.resolve(format.weightsFile()))) {
            throw missingWeights(folder, format);
        }
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            List<StoredAttachment> parts = parts(folder, format.parts(description), made);
            parts.forEach(part -> opened.add(part::close));
            SafetensorsFile main = opened(folder.resolve(format.weightsFile()), opened);
            List<SafetensorsFile> further = format.furtherFiles().stream()
                    .map(folder::resolve)
                    .filter(Files::exists)
                    .map(file -> opened(file, opened))
                    .toList();
            Path side = folder.resolve(SIDE_FILE);
            return new StoredAttachment(
                    name,
                    method,
                    folder,
                    configuration,
                    format.task(description),
                    basePath(description),
                    main,
                    further,
                    Files.exists(side) ? Optional.of(opened(side, opened)) : Optional.empty(),
                    parts,
                    made.map(AdapterManifest.Entry::tasks).orElse(List.of()));
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    /** The method that reads a folder, taken from the registry so that whoever holds leases holds it. */
    private Plugin taken(Path folder, Optional<AdapterManifest.Entry> made) {
        Plugin plugin = candidates(folder, made)
                .filter(candidate -> recognises(provider(candidate), folder))
                .min(Comparator.comparing(candidate -> !prefers(provider(candidate), folder)))
                .orElseThrow(() -> unknown(folder));
        return registry.plugin(PluginKind.METHOD, plugin.id() + "@" + plugin.version());
    }

    /** The folder among several that is built upon the others, if there is one. */
    Optional<Path> outermost(Collection<Path> folders) {
        return folders.stream()
                .filter(folder -> registry.methods().stream()
                        .filter(method -> recognises(method, folder))
                        .anyMatch(method -> !method.format()
                                .parts(JsonFile.read(
                                        folder.resolve(method.format().configFile())))
                                .isEmpty()))
                .findFirst();
    }

    private List<StoredAttachment> parts(Path folder, List<String> named, Optional<AdapterManifest.Entry> made) {
        List<StoredAttachment> parts = new ArrayList<>();
        try {
            if (made.isPresent()) {
                for (AdapterManifest.Entry part : made.get().parts()) {
                    parts.add(open(folder.resolveSibling(part.folder()), Optional.of(part)));
                }
            } else {
                for (String part : named) {
                    AdapterNames.require(List.of(part));
                    parts.add(open(sibling(folder, part), Optional.empty()));
                }
            }
            return parts;
        } catch (RuntimeException e) {
            parts.forEach(StoredAttachment::close);
            throw e;
        }
    }

    private static Path sibling(Path folder, String name) {
        Path sibling = folder.toAbsolutePath().normalize().resolveSibling(name);
        if (!Files.isDirectory(sibling)) {
            throw new ConfigurationException(
                    "the adapter in " + folder + " is built upon '" + name + "', but there is no folder " + sibling);
        }
        return sibling;
    }

    private static SafetensorsFile opened(Path file, List<AutoCloseable> opened) {
        SafetensorsFile open = SafetensorsFile.open(file);
        opened.add(open);
        return open;
    }

    private static void close(List<AutoCloseable> opened) {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    /** The methods to ask, the very version that made the adapter first, then the newest. */
    private Stream<Plugin> candidates(Path folder, Optional<AdapterManifest.Entry> made) {
        List<Plugin> methods = registry.plugins(PluginKind.METHOD);
        if (made.isEmpty()) {
            return methods.stream();
        }
        List<Plugin> same = methods.stream()
                .filter(plugin -> plugin.id().equals(made.get().method()))
                .toList();
        if (same.isEmpty()) {
            throw new ConfigurationException("the adapter in " + folder + " was made by method '"
                    + made.get().method() + "' (version " + made.get().version()
                    + "), for which no plugin is installed; installed methods: " + installed());
        }
        return Stream.concat(
                same.stream()
                        .filter(plugin -> plugin.version().equals(made.get().version())),
                same.stream());
    }

    private static MethodProvider<?> provider(Plugin plugin) {
        return (MethodProvider<?>) plugin.provider();
    }

    private static boolean recognises(MethodProvider<?> method, Path folder) {
        Path file = folder.resolve(method.format().configFile());
        return Files.isRegularFile(file) && method.format().recognises(JsonFile.read(file));
    }

    private static boolean prefers(MethodProvider<?> method, Path folder) {
        return method.format()
                .prefers(JsonFile.read(folder.resolve(method.format().configFile())));
    }

    private static Map<String, Object> read(AdapterFormat format, Path file, Map<String, Object> description) {
        try {
            return format.read(description);
        } catch (ConfigurationException e) {
            throw new ConfigurationException("in " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> basePath(Map<String, Object> description) {
        return Stream.of("base_model_name_or_path", "model_name")
                .map(description::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst();
    }

    private ConfigurationException unknown(Path folder) {
        for (String name : configFiles()) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                Object type = JsonFile.read(file).get("peft_type");
                return new ConfigurationException(file
                        + (type == null ? " has no peft_type" : " has peft_type '" + type + "'")
                        + " and fits no installed method; the plugin that reads it is missing, installed methods: "
                        + installed());
            }
        }
        return new ConfigurationException(
                folder + " holds no adapter: it has no " + String.join(" or ", configFiles()));
    }

    private String installed() {
        List<String> ids = registry.methods().stream().map(MethodProvider::id).toList();
        return ids.isEmpty() ? "none" : String.join(", ", ids);
    }

    private static ConfigurationException missingWeights(Path folder, AdapterFormat format) {
        String pickle = format.weightsFile().replaceAll("\\.safetensors$", ".bin");
        return new ConfigurationException(folder + " has " + format.configFile() + " but not " + format.weightsFile()
                + (Files.exists(folder.resolve(pickle))
                        ? "; " + pickle
                                + " is a pickle file, which may run any program when it is read: load it once in"
                                + " Python and save it again with safe_serialization=True"
                        : ", where its tensors must be"));
    }
}
