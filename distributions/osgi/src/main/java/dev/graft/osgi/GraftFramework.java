package dev.graft.osgi;

import dev.graft.hosts.osgi.OsgiHost;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/** Graft running in an OSGi framework: plugins of the class path and of folders, further bundles, and the shell's commands. */
public final class GraftFramework implements AutoCloseable {
    /** The shell reads its greeting by a URL into its bundle. */
    private static final Map<String, String> SETTINGS = Map.of("felix.service.urlhandlers", "true");

    private final PluginRegistry registry;
    private final OsgiHost host;

    private GraftFramework(PluginRegistry registry, OsgiHost host) {
        this.registry = registry;
        this.host = host;
    }

    /**
     * Starts it.
     *
     * @throws IllegalStateException if a bundle of the layout does not start
     */
    public static GraftFramework start(Layout layout) {
        PluginRegistry registry = new ServiceLoaderHost(GraftFramework.class.getClassLoader()).registry();
        OsgiHost host = new OsgiHost(registry, layout.plugins(), SETTINGS);
        try {
            host.watch();
            offer(host.context(), new GraftShell(registry, layout.plugins()));
            startAll(host.context(), layout.bundles());
            return new GraftFramework(registry, host);
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private static void offer(BundleContext context, GraftShell shell) {
        context.registerService(
                GraftShell.class,
                shell,
                FrameworkUtil.asDictionary(Map.of(
                        "osgi.command.scope", "graft", "osgi.command.function", new String[] {"plugins", "adapters"})));
    }

    private static void startAll(BundleContext context, List<Path> jars) {
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (Path jar : jars) {
                bundles.add(context.installBundle(jar.toUri().toString()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
            }
        } catch (BundleException e) {
            throw new IllegalStateException("a bundle does not start: " + e.getMessage(), e);
        }
    }

    /** The plugins. */
    public PluginRegistry registry() {
        return registry;
    }

    /** The context of the system bundle. */
    public BundleContext context() {
        return host.context();
    }

    /** Waits until somebody stops the framework, from the shell for instance. */
    public void await() throws InterruptedException {
        host.await();
    }

    @Override
    public void close() {
        host.close();
    }
}
