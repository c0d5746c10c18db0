package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A jar with plugins, as far as it can be known without running any of it.
 *
 * @param provenance where it lies in a folder, its checksum and the host that reads it
 * @param copy a private copy with the same bytes, which stays as it is when the jar in the folder is replaced
 * @param headers its manifest
 * @param providers class names of the providers it names in {@code META-INF/services}, in order, by kind
 */
public record PluginJar(Provenance provenance, Path copy, Attributes headers, Map<PluginKind, List<String>> providers) {
    /** Where a jar names its providers, in files with the names of their interfaces. */
    public static final String SERVICES = "META-INF/services/";

    /** The header of a manifest that says which hosts a jar is for, where it is not for all. */
    public static final String HOST = "Graft-Host";

    /** The value of {@link #HOST} for what belongs on the class path of the program, since it brings native libraries. */
    public static final String CLASS_PATH = "class-path";

    /**
     * Reads what a jar says about itself.
     *
     * @throws BrokenJarException if it is no jar, names no provider, belongs on the class path, or was built against contracts
     *     of another version
     */
    public static PluginJar read(Provenance provenance, Path copy) throws BrokenJarException {
        try (JarFile file = new JarFile(copy.toFile(), false)) {
            Manifest manifest = file.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            Map<PluginKind, List<String>> providers = providers(file);
            if (providers.isEmpty()) {
                throw new BrokenJarException(
                        "it is no plugin: it names no provider in " + SERVICES + "dev.graft.spi...");
            }
            if (CLASS_PATH.equals(headers.getValue(HOST))) {
                throw new BrokenJarException("it belongs on the class path of the program, as its manifest says ("
                        + HOST + ": " + CLASS_PATH + ")");
            }
            ContractVersions.running().check(headers);
            return new PluginJar(provenance, copy, headers, providers);
        } catch (IOException | SecurityException e) {
            throw new BrokenJarException("it is no jar that can be read: " + Failures.reason(e));
        }
    }

    /** The jars inside this one that its manifest puts on its class path, in the way of OSGi: {@code Bundle-ClassPath}. */
    public List<String> libraries() {
        String path = headers.getValue("Bundle-ClassPath");
        return path == null
                ? List.of()
                : Arrays.stream(path.split(","))
                        .map(entry -> entry.replaceAll(";.*", "").strip())
                        .filter(entry -> !entry.isEmpty() && !entry.equals("."))
                        .toList();
    }

    private static Map<PluginKind, List<String>> providers(JarFile file) throws IOException {
        Map<PluginKind, List<String>> providers = new EnumMap<>(PluginKind.class);
        for (PluginKind kind : PluginKind.values()) {
            ZipEntry entry = file.getEntry(SERVICES + kind.provider().getName());
            if (entry != null) {
                List<String> names = names(file, entry);
                if (!names.isEmpty()) {
                    providers.put(kind, names);
                }
            }
        }
        return providers;
    }

    private static List<String> names(JarFile file, ZipEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return names(in);
        }
    }

    /** The class names in a services file, each once. */
    public static List<String> names(InputStream services) throws IOException {
        return new String(services.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("#.*", "").strip())
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }
}
