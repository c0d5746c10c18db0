package dev.graft.thirdparty;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.method.MethodProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The jar of the third-party project, and a class loader that has it and everything the tests have.
 *
 * @param jar the jar
 * @param classPath the class loader; its parent is that of the tests
 */
record Bundle(Path jar, URLClassLoader classPath) implements AutoCloseable {
    private static final Path TARGET = Path.of("../third-party-method/target");
    private static final String NAME = "ln-tuning-1.0.0.jar";

    /** The jar as it was packaged, or its classes in a jar where the build stopped short of packaging. */
    static Bundle open(Path scratch) throws IOException {
        Path jar = packaged() ? TARGET.resolve(NAME) : pack(scratch.resolve(NAME));
        URL[] urls = {jar.toUri().toURL()};
        return new Bundle(jar, new URLClassLoader(urls, Bundle.class.getClassLoader()));
    }

    /** The method it offers, found as the program finds it. */
    MethodProvider<?> method() {
        return new ServiceLoaderHost(classPath).registry().method("ln-tuning");
    }

    /** Names of the files in the jar. */
    List<String> files() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    /** The jar's manifest. */
    Manifest manifest() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest();
        }
    }

    @Override
    public void close() throws IOException {
        classPath.close();
    }

    private static boolean packaged() throws IOException {
        Path jar = TARGET.resolve(NAME);
        if (Files.notExists(jar)) {
            return false;
        }
        FileTime time = Files.getLastModifiedTime(jar);
        for (Path file : classes()) {
            if (Files.getLastModifiedTime(file).compareTo(time) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Path pack(Path jar) throws IOException {
        Path classes = TARGET.resolve("classes");
        Path manifest = classes.resolve(JarFile.MANIFEST_NAME);
        try (InputStream in = Files.newInputStream(manifest);
                OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, new Manifest(in))) {
            for (Path file : classes()) {
                if (!file.equals(manifest)) {
                    entries.putNextEntry(
                            new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, entries);
                    entries.closeEntry();
                }
            }
        }
        return jar;
    }

    private static List<Path> classes() throws IOException {
        try (Stream<Path> files = Files.walk(TARGET.resolve("classes"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
