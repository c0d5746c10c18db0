package dev.graft.standalone.shipped;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.testing.JarBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;

/** The jars of the plugins of this build: as they were packaged, or packed of classes where the build stopped short of that. */
final class ShippedJars {
    private ShippedJars() {}

    /**
     * All of them by name.
     *
     * @param scratch where jars are packed
     */
    static Map<String, Path> all(Path scratch) {
        Map<String, Path> jars = new TreeMap<>();
        try {
            for (PluginKind kind : PluginKind.values()) {
                String services = "META-INF/services/" + kind.provider().getName();
                for (URL found :
                        Collections.list(ShippedJars.class.getClassLoader().getResources(services))) {
                    jar(found, services, scratch)
                            .ifPresent(jar -> jars.put(jar.getFileName().toString(), jar));
                }
            }
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar that a services file belongs to; empty for those of tests. */
    private static Optional<Path> jar(URL found, String services, Path scratch) throws IOException {
        if (found.openConnection() instanceof JarURLConnection inside) {
            return Optional.of(Path.of(URI.create(inside.getJarFileURL().toString())));
        }
        String text = found.toString();
        Path classes = Path.of(URI.create(text.substring(0, text.length() - services.length())));
        return Files.exists(classes.resolve(JarFile.MANIFEST_NAME))
                ? Optional.of(packed(classes, scratch))
                : Optional.empty();
    }

    /** {@code plugins/methods/lora/target/classes} becomes {@code methods-lora.jar}. */
    private static Path packed(Path classes, Path scratch) {
        Path module = classes.getParent().getParent();
        String name = module.getParent().getFileName() + "-" + module.getFileName();
        Path jar = scratch.resolve(name + ".jar");
        if (Files.exists(jar)) {
            return jar;
        }
        return JarBuilder.named(name)
                .classes(classes)
                .manifest(classes.resolve(JarFile.MANIFEST_NAME))
                .into(scratch);
    }
}
