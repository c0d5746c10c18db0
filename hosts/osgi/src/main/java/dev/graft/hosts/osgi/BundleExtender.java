package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.Failures;
import dev.graft.kernel.plugin.JarOpener;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginJar;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;

/**
 * Brings the providers of bundles that somebody else starts, from the shell for instance, into the registry as long as
 * these bundles run. Bundles of {@link BundleOpener} are its own affair. Stopping such a bundle takes its plugins out at
 * once; the framework does not wait for leases.
 */
final class BundleExtender implements BundleTrackerCustomizer<List<Plugin>>, AutoCloseable {
    private final PluginRegistry registry;
    private final BundleTracker<List<Plugin>> tracker;

    BundleExtender(PluginRegistry registry, BundleContext context) {
        this.registry = registry;
        this.tracker = new BundleTracker<>(context, Bundle.ACTIVE, this);
    }

    void open() {
        tracker.open();
    }

    @Override
    public List<Plugin> addingBundle(Bundle bundle, BundleEvent event) {
        if (bundle.getBundleId() == 0 || BundleOpener.opened(bundle)) {
            return null;
        }
        registry.mended(name(bundle));
        List<Plugin> plugins = new ArrayList<>();
        for (PluginKind kind : PluginKind.values()) {
            for (String className : providers(bundle, kind)) {
                add(bundle, kind, className, plugins);
            }
        }
        return plugins;
    }

    private void add(Bundle bundle, PluginKind kind, String className, List<Plugin> plugins) {
        JarOpener.Made made = JarOpener.Made.of(kind, className, bundle::loadClass);
        String problem = made.failure();
        if (problem == null) {
            try {
                Provenance provenance = new Provenance(name(bundle), null, null, BundleOpener.HOST);
                Plugin plugin = Plugin.of(kind, made.provider(), provenance);
                if (registry.add(plugin)) {
                    plugins.add(plugin);
                }
                return;
            } catch (RuntimeException | LinkageError e) {
                problem = className + " cannot be used: " + Failures.reason(e);
            }
        }
        registry.broken(kind, name(bundle), problem);
    }

    private List<String> providers(Bundle bundle, PluginKind kind) {
        URL entry = bundle.getEntry(PluginJar.SERVICES + kind.provider().getName());
        if (entry == null) {
            return List.of();
        }
        try (InputStream in = entry.openStream()) {
            return PluginJar.names(in);
        } catch (IOException e) {
            registry.broken(kind, name(bundle), "its services cannot be read: " + Failures.reason(e));
            return List.of();
        }
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, List<Plugin> plugins) {
        // It is as active as before.
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, List<Plugin> plugins) {
        plugins.forEach(registry::remove);
        registry.mended(name(bundle));
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
    }

    @Override
    public void close() {
        tracker.close();
    }
}
