package dev.graft.tck.bundle;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.plugin.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plugin's jar: what is in it, and a class loader that has it. Loading goes through this class alone.
 *
 * @param file the jar
 * @param manifest main attributes of its manifest
 * @param contents the bytes of its files by name
 * @param loader what its classes are loaded with
 */
public record PluginJar(Path file, Attributes manifest, Map<String, byte[]> contents, ClassLoader loader)
        implements AutoCloseable {
    private static final String SERVICES = "META-INF/services/";

    /**
     * Opens a jar.
     *
     * @throws ConfigurationException if there is none, or it cannot be read
     */
    public static PluginJar open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("there is no jar " + file);
        }
        Map<String, byte[]> contents = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            for (var entry : jar.stream().filter(one -> !one.isDirectory()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    contents.put(entry.getName(), in.readAllBytes());
                }
            }
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            return new PluginJar(file, attributes, contents, loader(file, contents.keySet()));
        } catch (IOException broken) {
            throw new ConfigurationException(file + " cannot be read as a jar: " + broken.getMessage(), broken);
        }
    }

    private static ClassLoader loader(Path file, Set<String> entries) throws IOException {
        return new JarClassLoader(
                file.toUri().toURL(), classes(entries).collect(Collectors.toSet()), PluginJar.class.getClassLoader());
    }

    /** Names of the classes among the files of a jar. */
    public static Stream<String> classes(Set<String> entries) {
        return entries.stream()
                .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                .map(name ->
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'));
    }

    /** The same jar in a class loader of its own again. */
    public PluginJar reopened() {
        try {
            return new PluginJar(file, manifest, contents, loader(file, contents.keySet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A manifest header; empty where it is not there. */
    public String header(String name) {
        String value = manifest.getValue(name);
        return value == null ? "" : value;
    }

    /** Whether its manifest says that it belongs on the class path of the program, which hosts are not to load. */
    public boolean staysOnTheClassPath() {
        return header(dev.graft.kernel.plugin.PluginJar.HOST).equals(dev.graft.kernel.plugin.PluginJar.CLASS_PATH);
    }

    /** Names of the classes that its services files register, by kind. */
    public Map<PluginKind, List<String>> services() {
        Map<PluginKind, List<String>> services = new LinkedHashMap<>();
        for (PluginKind kind : PluginKind.values()) {
            byte[] bytes = contents.get(SERVICES + kind.provider().getName());
            if (bytes != null) {
                services.put(
                        kind,
                        new String(bytes, StandardCharsets.UTF_8)
                                .lines()
                                .map(line -> line.replaceAll("#.*", "").strip())
                                .filter(line -> !line.isEmpty())
                                .toList());
            }
        }
        return services;
    }

    /**
     * The plugins it offers.
     *
     * @throws ConfigurationException if one cannot be loaded, with the reason
     */
    public List<Plugin> plugins() {
        List<Plugin> plugins = new ArrayList<>();
        services()
                .forEach((kind, names) -> names.forEach(name -> {
                    try {
                        Provider<?> provider = (Provider<?>)
                                loader.loadClass(name).getConstructor().newInstance();
                        plugins.add(Plugin.of(kind, provider, file.getFileName().toString()));
                    } catch (ReflectiveOperationException
                            | LinkageError
                            | ClassCastException
                            | IllegalArgumentException e) {
                        throw new ConfigurationException(
                                file.getFileName() + ": the " + kind.text() + " " + name + " cannot be loaded (" + e
                                        + ")",
                                e);
                    }
                }));
        return plugins;
    }

    /** The SHA-256 checksum of the file, in hexadecimal. */
    public String checksum() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        try {
            if (loader instanceof AutoCloseable closeable) {
                closeable.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
