package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Opens each jar in a class loader of its own, which sees the contracts, the Java platform, and the jars inside the jar
 * that its manifest names in {@code Bundle-ClassPath}.
 */
public final class ClassLoaderOpener implements JarOpener {
    private final ClassLoader contracts = new ContractsClassLoader();

    @Override
    public String host() {
        return "folder";
    }

    @Override
    public Opened open(PluginJar jar) throws BrokenJarException {
        List<URL> path = new ArrayList<>(List.of(url(jar.copy())));
        for (String library : jar.libraries()) {
            path.add(url(extracted(jar, library, path.size())));
        }
        URLClassLoader loader = new URLClassLoader(jar.provenance().name(), path.toArray(URL[]::new), contracts);
        return Opened.of(jar, loader::loadClass, () -> closed(loader));
    }

    private static void closed(URLClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}

    private static Path extracted(PluginJar jar, String library, int index) throws BrokenJarException {
        try (JarFile file = new JarFile(jar.copy().toFile(), false)) {
            ZipEntry entry = file.getEntry(library);
            if (entry == null) {
                throw new BrokenJarException(
                        "its manifest names " + library + " in Bundle-ClassPath, which is not in it");
            }
            Path target = jar.copy().resolveSibling("library-" + index + ".jar");
            try (InputStream in = file.getInputStream(entry)) {
                Files.copy(in, target);
            }
            return target;
        } catch (IOException e) {
            throw new BrokenJarException(e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
