package dev.graft.tck.host;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ScratchDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A jar in the folder of a host that is running, where it comes, is replaced and goes. */
public final class HostedJar implements AutoCloseable {
    private static final String UPDATE = "META-INF/graft/tck/update";

    private final PluginRegistry registry = new PluginRegistry();
    private final Path file;
    private final ScratchDirectory folder = ScratchDirectory.create("graft-tck-host");
    private final HostKind.Running host;
    private int updates;

    private HostedJar(HostKind kind, Path file) {
        this.file = file;
        this.host = kind.start(registry, folder.path());
    }

    /** A host whose folder holds the jar; closed by the caller. */
    public static HostedJar open(HostKind kind, Path file) {
        HostedJar jar = new HostedJar(kind, file);
        jar.install();
        return jar;
    }

    private Path place() {
        return folder.path().resolve(file.getFileName());
    }

    /** Puts the jar into the folder. */
    void install() {
        try {
            Files.copy(file, place(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        host.scan().run();
    }

    /** Puts another jar with the same classes in its place. */
    void update() {
        Path fresh = folder.path().resolve("fresh");
        try (JarFile from = new JarFile(file.toFile(), false);
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(fresh))) {
            for (ZipEntry entry : from.stream().toList()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = from.getInputStream(entry)) {
                    in.transferTo(to);
                }
                to.closeEntry();
            }
            to.putNextEntry(new ZipEntry(UPDATE));
            to.write(++updates);
            to.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Files.move(fresh, place(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        host.scan().run();
    }

    /** Takes the jar out of the folder. */
    void remove() {
        try {
            Files.delete(place());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        host.scan().run();
    }

    /** The plugins that the host found. */
    public List<Plugin> plugins() {
        return registry.plugins();
    }

    /** What the host reports as broken, a line each. */
    List<String> broken() {
        return registry.broken().stream().map(PluginEvent.Broken::sentence).toList();
    }

    /** Takes hold of every plugin; closed by the caller. */
    PluginLease lease() {
        PluginLease lease = registry.lease("the test kit");
        for (Plugin plugin : registry.plugins()) {
            lease.plugin(plugin.kind(), plugin.id());
        }
        return lease;
    }

    /** The plugin of a kind and id as new work gets it. */
    Plugin plugin(PluginKind kind, String id) {
        return registry.plugin(kind, id);
    }

    @Override
    public void close() {
        host.close().run();
        folder.close();
    }
}
