package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginEvent;
import java.util.IdentityHashMap;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Offers every plugin that came from a bundle as an OSGi service of that bundle, under its provider interface, as long as
 * it is in the registry.
 */
final class ProviderServices {
    /** Property of a service: the plugin's kind. */
    static final String KIND = "graft.kind";

    /** Property of a service: the plugin's id. */
    static final String ID = "graft.id";

    /** Property of a service: the plugin's version. */
    static final String VERSION = "graft.version";

    private final IdentityHashMap<Plugin, ServiceRegistration<?>> services = new IdentityHashMap<>();

    /** Follows what happens to the registry; called by one thread at a time. */
    void follow(PluginEvent event) {
        if (event instanceof PluginEvent.Added added) {
            register(added.plugin());
        } else if (event instanceof PluginEvent.Removed removed) {
            unregister(removed.plugin());
        }
    }

    private void register(Plugin plugin) {
        Bundle bundle = FrameworkUtil.getBundle(plugin.provider().getClass());
        if (bundle == null || bundle.getBundleContext() == null) {
            return;
        }
        Map<String, Object> properties = Map.of(
                KIND, plugin.kind().text(),
                ID, plugin.id(),
                VERSION, plugin.version());
        String name = plugin.kind().provider().getName();
        services.put(
                plugin,
                bundle.getBundleContext()
                        .registerService(name, plugin.provider(), FrameworkUtil.asDictionary(properties)));
    }

    private void unregister(Plugin plugin) {
        ServiceRegistration<?> service = services.remove(plugin);
        if (service != null) {
            try {
                service.unregister();
            } catch (IllegalStateException gone) {
                // Its bundle was stopped by hand, and took the service along.
                return;
            }
        }
    }
}
