package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds plugins on a class path by {@code META-INF/services}. A provider that cannot be used is reported to the
 * registry in one line and skipped; the others are added. Finding a plugin runs its constructor and nothing else.
 */
public final class ServiceLoaderHost {
    private final ClassLoader classPath;

    /** A host for one class path. */
    public ServiceLoaderHost(ClassLoader classPath) {
        this.classPath = classPath;
    }

    /** A registry with what this host finds. */
    public PluginRegistry registry() {
        PluginRegistry registry = new PluginRegistry();
        feed(registry);
        return registry;
    }

    /** Adds every plugin of the class path to a registry. */
    public void feed(PluginRegistry registry) {
        for (PluginKind kind : PluginKind.values()) {
            feed(registry, kind);
        }
    }

    private void feed(PluginRegistry registry, PluginKind kind) {
        Iterator<? extends Provider<?>> found = providers(kind);
        // An iterator that fails twice in the same way is stuck on something other than one provider.
        String lastFailure = "";
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                Provider<?> provider = found.next();
                add(registry, kind, provider);
            } catch (ServiceConfigurationError | LinkageError failure) {
                String reason = Failures.reason(failure);
                if (reason.equals(lastFailure)) {
                    return;
                }
                lastFailure = reason;
                registry.broken(kind, "the class path", reason);
            }
        }
    }

    private static void add(PluginRegistry registry, PluginKind kind, Provider<?> provider) {
        Provenance provenance = provenance(provider.getClass());
        try {
            registry.add(Plugin.of(kind, provider, provenance));
        } catch (RuntimeException | LinkageError refused) {
            registry.broken(
                    kind,
                    provenance.name(),
                    provider.getClass().getName() + " cannot be used: " + Failures.reason(refused));
        }
    }

    @SuppressWarnings("unchecked") // every provider interface extends Provider
    private Iterator<? extends Provider<?>> providers(PluginKind kind) {
        return (Iterator<? extends Provider<?>>)
                (Iterator<?>) ServiceLoader.load(kind.provider(), classPath).iterator();
    }

    private static Provenance provenance(Class<?> provider) {
        CodeSource source = provider.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Provenance.of("the class path");
        }
        Path path = path(source.getLocation());
        boolean classes = path.endsWith(Path.of("target", "classes"));
        String name = String.valueOf(classes ? path.getParent().getParent().getFileName() : path.getFileName());
        return new Provenance(name, path, null, "class path");
    }

    private static Path path(URL location) {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Path.of(location.getPath());
        }
    }
}
