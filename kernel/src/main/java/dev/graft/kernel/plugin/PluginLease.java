package dev.graft.kernel.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What somebody uses of a registry: every plugin that was taken through the lease stays as it is until the lease ends,
 * whatever is installed or removed meanwhile. Asked again for an id without a version, a lease gives what it gave before.
 * Safe
 * for use by several threads; closing it twice does no harm.
 */
public final class PluginLease implements Plugins, AutoCloseable {
    private final PluginRegistry registry;
    private final String holder;
    private final boolean passing;
    private final List<Plugin> held = new ArrayList<>();
    private final Map<String, Plugin> chosen = new HashMap<>();

    /**
     * A lease.
     *
     * @param passing whether it is for a look alone, which is not worth telling of
     */
    PluginLease(PluginRegistry registry, String holder, boolean passing) {
        this.registry = registry;
        this.holder = holder;
        this.passing = passing;
    }

    boolean passing() {
        return passing;
    }

    /** Who holds it, for instance {@code training run runs/quickstart}. */
    public String holder() {
        return holder;
    }

    /** What it holds. */
    public List<Plugin> held() {
        synchronized (registry) {
            return List.copyOf(held);
        }
    }

    /** What is there and what is held; of an id whose newest version is not the one held, that one comes first. */
    @Override
    public List<Plugin> plugins() {
        synchronized (registry) {
            List<Plugin> others = registry.plugins().stream()
                    .filter(plugin -> !held.contains(plugin))
                    .toList();
            return Stream.concat(held.stream(), others.stream())
                    .sorted(registry.listing.thenComparing(plugin -> !held.contains(plugin)))
                    .toList();
        }
    }

    @Override
    public List<Plugin> newest(PluginKind kind) {
        synchronized (registry) {
            return Plugins.super.newest(kind).stream()
                    .map(plugin -> chosen(kind, plugin.id()).orElse(plugin))
                    .toList();
        }
    }

    @Override
    public Plugin plugin(PluginKind kind, String name) {
        PluginName wanted = PluginName.parse(name);
        synchronized (registry) {
            if (wanted.version().isPresent()) {
                Plugin plugin = wanted.among(kind, plugins(kind));
                hold(plugin);
                return plugin;
            }
            return choose(chosen(kind, wanted.id()).orElseGet(() -> wanted.among(kind, registry.plugins(kind))));
        }
    }

    @Override
    public Optional<Plugin> find(PluginKind kind, Predicate<Plugin> fits) {
        try (PluginLease kept = keep(kind)) {
            for (Plugin plugin : newest(kind)) {
                if (fits.test(plugin)) {
                    synchronized (registry) {
                        return Optional.of(choose(plugin));
                    }
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public PluginLease keep(PluginKind kind) {
        return registry.keep(kind);
    }

    /** Lets go of everything. What was removed meanwhile and is held by nobody else is unloaded. */
    @Override
    public void close() {
        List<Runnable> due;
        synchronized (registry) {
            List<Plugin> released = List.copyOf(held);
            held.clear();
            chosen.clear();
            due = registry.released(this, released);
        }
        due.forEach(Runnable::run);
    }

    /** To be called by whoever has the registry's monitor. */
    void hold(Plugin plugin) {
        if (!held.contains(plugin)) {
            held.add(plugin);
            registry.held(this, plugin);
        }
    }

    private Plugin choose(Plugin plugin) {
        chosen.put(key(plugin.kind(), plugin.id()), plugin);
        hold(plugin);
        return plugin;
    }

    /** What was taken where no version was asked for. */
    private Optional<Plugin> chosen(PluginKind kind, String id) {
        return Optional.ofNullable(chosen.get(key(kind, id)));
    }

    private static String key(PluginKind kind, String id) {
        return kind.text() + " " + id;
    }
}
