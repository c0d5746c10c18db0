package dev.graft.kernel.plugin;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the jars of folders into a registry, and keeps the registry up to date when jars come, change and go. A jar
 * that cannot be used is reported in one line; where it took the place of one that could, that one stays. How classes
 * are loaded is the {@link JarOpener}'s affair. Other processes that look at the folders see what this one uses of
 * them, see {@link HeldPlugin#elsewhere}. Safe for use by several threads.
 */
public final class FolderHost implements AutoCloseable {
    private final PluginRegistry registry;
    private final JarOpener opener;
    private final List<Path> folders;
    private final JarCache cache = new JarCache();
    private final HolderNotes notes;
    private final Map<Path, String> seen = new HashMap<>();
    private final Map<Path, InstalledJar> installed = new LinkedHashMap<>();
    private final Set<Path> refused = new HashSet<>();
    private FolderWatch watch;
    private int open;
    private boolean closed;

    /**
     * A host that has not looked yet.
     *
     * @param opener closed with the host
     * @param folders where jars lie; one that does not exist is empty
     */
    public FolderHost(PluginRegistry registry, JarOpener opener, List<Path> folders) {
        this.registry = registry;
        this.opener = opener;
        this.folders = folders.stream().map(Path::toAbsolutePath).distinct().toList();
        this.notes = new HolderNotes(registry, this.folders);
    }

    /** Looks once, and brings the registry to what lies in the folders now. */
    public void scan() {
        apply(FolderSnapshot.of(folders));
    }

    /** Looks once, then again whenever something changes, until the host is closed. Folders are created. */
    public synchronized void watch() {
        if (watch != null || closed) {
            return;
        }
        for (Path folder : folders) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new ConfigurationException("the folder of plugins " + folder + " cannot be created: " + e, e);
            }
        }
        FolderSnapshot first = FolderSnapshot.of(folders);
        watch = new FolderWatch(folders, first, this::apply);
        apply(first);
        watch.start();
    }

    /** Brings the registry to what lay in the folders at some moment. */
    private synchronized void apply(FolderSnapshot snapshot) {
        if (closed) {
            return;
        }
        snapshot.jars().forEach((path, stamp) -> {
            if (!stamp.equals(seen.get(path))) {
                seen.put(path, stamp);
                install(path);
            }
        });
        Set<Path> gone = new HashSet<>(seen.keySet());
        gone.removeAll(snapshot.jars().keySet());
        gone.forEach(this::forget);
        if (!gone.isEmpty()) {
            // What was refused because of another of its version may be free to come in now.
            Set<Path> again = new HashSet<>(refused);
            again.stream().sorted().forEach(this::install);
        }
    }

    private void install(Path path) {
        String name = name(path);
        registry.mended(name);
        refused.remove(path);
        InstalledJar old = installed.get(path);
        Optional<InstalledJar> opened = Optional.empty();
        try {
            Path copy = cache.copy(path);
            try {
                opened = opened(path, copy, old);
            } finally {
                if (opened.isEmpty()) {
                    JarCache.discard(copy);
                }
            }
        } catch (BrokenJarException | IOException | ConfigurationException e) {
            String reason = e instanceof IOException ? "it cannot be read: " + Failures.reason(e) : e.getMessage();
            registry.broken(null, name, reason + (old == null ? "" : "; the one it replaces stays in use"));
        }
        opened.ifPresent(fresh -> replace(path, old, fresh));
    }

    /** Opens a jar; empty where it is the one that is open already. */
    private Optional<InstalledJar> opened(Path path, Path copy, InstalledJar old) throws BrokenJarException {
        Provenance provenance = new Provenance(name(path), path, Sha256.of(copy), opener.host());
        try {
            Admission.of(path.getParent()).check(copy, provenance.sha256());
        } catch (BrokenJarException e) {
            if (old != null && old.checksum().equals(provenance.sha256())) {
                remove(path);
                registry.broken(null, name(path), e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
        if (old != null && old.checksum().equals(provenance.sha256())) {
            return Optional.empty();
        }
        PluginJar jar = PluginJar.read(provenance, copy);
        JarOpener.Opened opened = opener.open(jar);
        List<Plugin> plugins = new ArrayList<>();
        opened.providers().forEach(made -> plugin(made, provenance).ifPresent(plugins::add));
        if (plugins.isEmpty()) {
            opened.close();
            return Optional.empty();
        }
        return Optional.of(new InstalledJar(jar, opened, plugins));
    }

    private Optional<Plugin> plugin(JarOpener.Made made, Provenance provenance) {
        String problem;
        if (made.failure() != null) {
            problem = made.failure();
        } else if (made.kind() == PluginKind.ENGINE) {
            problem = made.className() + " is an engine, which carries native libraries; put it on the class path";
        } else {
            try {
                Plugin plugin = Plugin.of(made.kind(), made.provider(), provenance);
                requireListable(plugin);
                return Optional.of(plugin);
            } catch (RuntimeException | LinkageError e) {
                problem = made.className() + " cannot be used: " + Failures.reason(e);
            }
        }
        registry.broken(made.kind(), provenance.name(), problem);
        return Optional.empty();
    }

    /** What every listing asks of a plugin must not fail there. */
    private static void requireListable(Plugin plugin) {
        if (plugin.provider().summary() == null || plugin.provider().configuration() == null) {
            throw new IllegalArgumentException("it has no summary or no configuration");
        }
    }

    private void replace(Path path, InstalledJar old, InstalledJar fresh) {
        open++;
        List<Plugin> gone = old == null ? List.of() : old.plugins();
        List<Plugin> added = registry.replace(gone, fresh.plugins(), old == null ? () -> {} : () -> unload(old));
        if (added.isEmpty()) {
            installed.remove(path);
            refused.add(path);
            unload(fresh);
        } else {
            installed.put(path, new InstalledJar(fresh.jar(), fresh.opened(), added));
        }
    }

    private void forget(Path path) {
        seen.remove(path);
        refused.remove(path);
        registry.mended(name(path));
        remove(path);
    }

    private void remove(Path path) {
        InstalledJar old = installed.remove(path);
        if (old != null) {
            registry.replace(old.plugins(), List.of(), () -> unload(old));
        }
    }

    /** Runs on the thread of whoever used the jar last. */
    private synchronized void unload(InstalledJar old) {
        Provenance provenance = old.jar().provenance();
        try {
            old.opened().close();
        } catch (RuntimeException e) {
            registry.broken(null, provenance.name(), "it could not be closed: " + Failures.reason(e));
        }
        JarCache.discard(old.jar().copy());
        registry.unloaded(provenance);
        open--;
        end();
    }

    private void end() {
        if (closed && open == 0) {
            opener.close();
            cache.close();
            notes.close();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /** Removes all plugins of the folders. What is in use is unloaded when it no longer is. */
    @Override
    public void close() {
        FolderWatch watching;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            watching = watch;
        }
        if (watching != null) {
            watching.close();
        }
        synchronized (this) {
            open++;
            List.copyOf(installed.keySet()).forEach(this::remove);
            open--;
            end();
        }
    }
}
