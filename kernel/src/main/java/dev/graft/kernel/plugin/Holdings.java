package dev.graft.kernel.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/** Who holds which plugin, and what is unloaded once nobody does. Not safe for use by several threads. */
final class Holdings {
    /**
     * What was removed and waits for those who use it.
     *
     * @param plugins all that goes at once, the plugins of one jar
     * @param unload what is to be done then
     */
    private record Departure(List<Plugin> plugins, Runnable unload) {}

    private final IdentityHashMap<Plugin, List<PluginLease>> holders = new IdentityHashMap<>();
    private final List<Departure> departing = new ArrayList<>();

    void add(PluginLease lease, Plugin plugin) {
        holders.computeIfAbsent(plugin, ignored -> new ArrayList<>()).add(lease);
    }

    /** Gives up what a lease held, and says what is to be unloaded now. */
    List<Runnable> remove(PluginLease lease, Collection<Plugin> plugins) {
        for (Plugin plugin : plugins) {
            List<PluginLease> leases = holders.get(plugin);
            leases.remove(lease);
            if (leases.isEmpty()) {
                holders.remove(plugin);
            }
        }
        return due();
    }

    /** Notes what is to be done once nobody holds any of the plugins, and says what is to be unloaded now. */
    List<Runnable> depart(Collection<Plugin> plugins, Runnable unload) {
        departing.add(new Departure(List.copyOf(plugins), unload));
        return due();
    }

    /** Who holds a plugin, without repetition. */
    List<String> of(Plugin plugin) {
        return holders.getOrDefault(plugin, List.of()).stream()
                .map(PluginLease::holder)
                .distinct()
                .toList();
    }

    /** Who holds what for longer than a look, without repetition. */
    IdentityHashMap<Plugin, List<String>> lasting() {
        IdentityHashMap<Plugin, List<String>> lasting = new IdentityHashMap<>();
        holders.forEach((plugin, leases) -> {
            List<String> names = leases.stream()
                    .filter(lease -> !lease.passing())
                    .map(PluginLease::holder)
                    .distinct()
                    .toList();
            if (!names.isEmpty()) {
                lasting.put(plugin, names);
            }
        });
        return lasting;
    }

    /** What was removed and is still held. */
    List<Plugin> leaving() {
        return departing.stream()
                .flatMap(departure -> departure.plugins().stream())
                .filter(holders::containsKey)
                .toList();
    }

    private List<Runnable> due() {
        List<Departure> due = departing.stream()
                .filter(departure -> departure.plugins().stream().noneMatch(holders::containsKey))
                .toList();
        departing.removeAll(due);
        return due.stream().map(Departure::unload).toList();
    }
}
