package dev.graft.kernel.testing;

import dev.graft.kernel.plugin.ContractVersions;
import dev.graft.spi.plugin.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds jars of plugins from sources, with the manifest of an OSGi bundle, as a third party's build would. */
public final class JarBuilder {
    private final String name;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<Path> classPath = new ArrayList<>();

    private JarBuilder(String name) {
        this.name = name;
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "org.example." + name);
        version("1.0.0");
        String contracts = ContractVersions.running().packages().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ";version=\"" + range(entry.getValue()) + "\"")
                .collect(Collectors.joining(","));
        headers.put("Import-Package", contracts);
    }

    /** A jar of a name without {@code .jar}. */
    public static JarBuilder named(String name) {
        return new JarBuilder(name);
    }

    private static String range(String version) {
        String[] numbers = version.split("\\.", -1);
        return "[" + numbers[0] + "." + numbers[1] + "," + (Integer.parseInt(numbers[0]) + 1) + ")";
    }

    /** The version of the jar and, unless they say otherwise, of its plugins. */
    public JarBuilder version(String version) {
        headers.put("Bundle-Version", version);
        headers.put("Implementation-Version", version);
        return this;
    }

    /** A header of the manifest; null takes it away. */
    public JarBuilder header(String header, String value) {
        headers.remove(header);
        if (value != null) {
            headers.put(header, value);
        }
        return this;
    }

    /** A class by its full name. */
    public JarBuilder source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    /** Names a provider. */
    public JarBuilder service(Class<?> contract, String className) {
        return entry("META-INF/services/" + contract.getName(), (className + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A file. */
    public JarBuilder entry(String path, byte[] content) {
        entries.put(path, content);
        return this;
    }

    /** Classes that were compiled elsewhere, with everything beside them but the manifest, of which the imports count. */
    public JarBuilder classes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = directory.relativize(file).toString().replace('\\', '/');
                if (!path.equals(JarFile.MANIFEST_NAME)) {
                    entry(path, Files.readAllBytes(file));
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The headers of a manifest that another build wrote, in place of all of this one's. */
    public JarBuilder manifest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            headers.clear();
            new Manifest(in).getMainAttributes().forEach((header, value) -> header(header.toString(), (String) value));
            headers.remove(Attributes.Name.MANIFEST_VERSION.toString());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the classes are compiled against and the jar does not bring. */
    public JarBuilder against(Path jar) {
        classPath.add(jar);
        return this;
    }

    /** A jar that this one brings along. */
    public JarBuilder library(Path jar) {
        try {
            String path = "lib/" + jar.getFileName();
            header("Bundle-ClassPath", headers.getOrDefault("Bundle-ClassPath", ".") + "," + path);
            return against(jar).entry(path, Files.readAllBytes(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the jar, whole at once, replacing one that is there. */
    public Path into(Path folder) {
        try {
            Files.createDirectories(folder);
            compile();
            Path partial = Files.createTempFile(folder, ".", ".partial");
            write(partial);
            return Files.move(
                    partial,
                    folder.resolve(name + ".jar"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile() throws IOException {
        if (sources.isEmpty()) {
            return;
        }
        Path root = Files.createTempDirectory("sources");
        try {
            List<Path> files = new ArrayList<>();
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = root.resolve(source.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, source.getValue()));
            }
            Path classes = Files.createDirectory(root.resolve("compiled"));
            compile(files, classes);
            classes(classes);
        } finally {
            delete(root);
        }
    }

    private void compile(List<Path> files, Path classes) throws IOException {
        String path = Stream.concat(Stream.of(contracts()), classPath.stream().map(Path::toString))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean done = compiler.getTask(
                            messages,
                            manager,
                            null,
                            List.of("-d", classes.toString(), "-cp", path, "--release", "17", "-proc:none"),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!done) {
                throw new IllegalArgumentException("the sources of " + name + " do not compile: " + messages);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> inside = Files.walk(directory)) {
            for (Path file : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String contracts() {
        return Path.of(java.net.URI.create(Provider.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }

    private void write(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((header, value) -> manifest.getMainAttributes().putValue(header, value));
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
    }
}
