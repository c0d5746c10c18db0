package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import reactor.core.Disposable;

/**
 * An embedded OSGi framework whose bundles are the plugins of a registry. The jars of folders become bundles, come and go
 * as in every {@link FolderHost}, and are services of the framework besides; bundles that somebody else starts bring
 * their providers, too. The contracts are exported by the system
 * bundle, so that program and bundles see the same classes.
 */
public final class OsgiHost implements AutoCloseable {
    private final EmbeddedFramework framework;
    private final FolderHost folders;
    private final Disposable services;
    private final BundleExtender extender;

    /**
     * Starts the framework, and looks into no folder yet.
     *
     * @param folders where jars lie; one that does not exist is empty
     */
    public OsgiHost(PluginRegistry registry, List<Path> folders) {
        this(registry, folders, Map.of());
    }

    /**
     * Starts the framework with further settings, and looks into no folder yet.
     *
     * @param settings properties of the framework, in place of those it would have
     */
    public OsgiHost(PluginRegistry registry, List<Path> folders, Map<String, String> settings) {
        this.framework = new EmbeddedFramework(settings);
        this.folders = new FolderHost(registry, new BundleOpener(framework), folders);
        this.services = registry.events().subscribe(new ProviderServices()::follow);
        this.extender = new BundleExtender(registry, framework.context());
        extender.open();
    }

    /** Looks once, and brings the registry to what lies in the folders now. */
    public void scan() {
        folders.scan();
    }

    /** Looks once, then again whenever something changes, until the host is closed. */
    public void watch() {
        folders.watch();
    }

    /** The context of the system bundle, to install further bundles or offer services. */
    public BundleContext context() {
        return framework.context();
    }

    /** Waits until somebody stops the framework. */
    public void await() throws InterruptedException {
        framework.await();
    }

    /** Removes the plugins of the folders, and stops the framework once none of them is in use. */
    @Override
    public void close() {
        extender.close();
        folders.close();
        services.dispose();
    }
}
