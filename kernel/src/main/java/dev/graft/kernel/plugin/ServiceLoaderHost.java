package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;
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
                String reason = reason(failure);
                if (reason.equals(lastFailure)) {
                    return;
                }
                lastFailure = reason;
                registry.broken(kind, "the class path", reason);
            }
        }
    }

    private static void add(PluginRegistry registry, PluginKind kind, Provider<?> provider) {
        String provenance = provenance(provider.getClass());
        try {
            registry.add(Plugin.of(kind, provider, provenance));
        } catch (RuntimeException | LinkageError refused) {
            registry.broken(kind, provenance, provider.getClass().getName() + " cannot be used: " + reason(refused));
        }
    }

    @SuppressWarnings("unchecked") // every provider interface extends Provider
    private Iterator<? extends Provider<?>> providers(PluginKind kind) {
        return (Iterator<? extends Provider<?>>)
                (Iterator<?>) ServiceLoader.load(kind.provider(), classPath).iterator();
    }

    private static String provenance(Class<?> provider) {
        CodeSource source = provider.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return "the class path";
        }
        Path path = Path.of(source.getLocation().getPath());
        boolean classes = path.endsWith(Path.of("target", "classes"));
        return String.valueOf(classes ? path.getParent().getParent().getFileName() : path.getFileName());
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        StringBuilder reason = new StringBuilder(describe(cause));
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
            reason.append(": ").append(describe(cause));
        }
        return reason.toString();
    }

    private static String describe(Throwable failure) {
        if (failure instanceof ServiceConfigurationError && failure.getMessage() != null) {
            return failure.getMessage().substring(failure.getMessage().indexOf(' ') + 1);
        }
        String message = failure.getMessage() == null
                ? ""
                : " (" + failure.getMessage().lines().findFirst().orElse("") + ")";
        return failure.getClass().getSimpleName() + message;
    }
}
