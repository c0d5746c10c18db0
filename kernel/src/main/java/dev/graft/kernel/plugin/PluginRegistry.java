package dev.graft.kernel.plugin;

import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The plugins that are there. Hosts add and remove them while the program runs; several versions of one plugin may be
 * there at once. What runs takes plugins through a {@link PluginLease}: it keeps the versions it took, and a plugin that
 * is removed is unloaded by its host when the last lease on it ends. Safe for use by several threads.
 */
public final class PluginRegistry implements Plugins {
    /** By kind and id, the pinned version first, then the newest. */
    final Comparator<Plugin> listing = Comparator.comparing(Plugin::kind)
            .thenComparing(Plugin::id)
            .thenComparing(plugin -> !isPinned(plugin))
            .thenComparing(plugin -> PluginVersion.parse(plugin.version()), Comparator.reverseOrder());

    private final List<Plugin> plugins = new CopyOnWriteArrayList<>();
    private final Map<String, String> pins = new ConcurrentHashMap<>();
    private final Set<PluginEvent.Broken> broken = new LinkedHashSet<>();
    private final Holdings holdings = new Holdings();
    private final Sinks.Many<PluginEvent> events = Sinks.many().multicast().directBestEffort();

    /**
     * Adds a plugin. A plugin of the same kind, id and version that is already there stays, and the new one is
     * reported as broken.
     *
     * @return whether it was added
     */
    public synchronized boolean add(Plugin plugin) {
        Optional<Plugin> same = plugins.stream()
                .filter(other -> other.kind() == plugin.kind()
                        && other.id().equals(plugin.id())
                        && other.version().equals(plugin.version()))
                .findFirst();
        if (same.isPresent()) {
            String reason = plugin + " is already there, from " + same.get().provenance();
            broken(plugin.kind(), plugin.provenance().name(), reason);
            return false;
        }
        plugins.add(plugin);
        emit(new PluginEvent.Added(plugin));
        return true;
    }

    /** Removes a plugin; nothing happens if it is not there. */
    public void remove(Plugin plugin) {
        replace(List.of(plugin), List.of(), () -> {});
    }

    /**
     * Removes the plugins of a jar and puts others in their place, in one step for whoever looks.
     *
     * @param old what goes; what is not there is passed over
     * @param added what comes; one that is already there stays out and is reported as broken
     * @param unload done once nobody holds any of the old ones, at once if nobody does
     * @return what was added
     */
    public List<Plugin> replace(Collection<Plugin> old, Collection<Plugin> added, Runnable unload) {
        List<Plugin> arrived;
        List<Runnable> due;
        synchronized (this) {
            List<Plugin> gone = old.stream().filter(plugins::contains).toList();
            plugins.removeAll(gone);
            gone.forEach(plugin -> emit(new PluginEvent.Removed(plugin)));
            arrived = added.stream().filter(this::add).toList();
            due = holdings.depart(old, unload);
        }
        due.forEach(Runnable::run);
        return arrived;
    }

    /** Has a version taken where none is asked for, in place of the newest, as long as it is there. */
    public void pin(PluginKind kind, String id, String version) {
        pins.put(kind.text() + " " + id, version);
    }

    private boolean isPinned(Plugin plugin) {
        return plugin.version().equals(pins.get(plugin.kind().text() + " " + plugin.id()));
    }

    /**
     * Reports something that should be a plugin and cannot be used.
     *
     * @param kind what it should be; null where that is not known
     */
    public synchronized void broken(PluginKind kind, String provenance, String reason) {
        PluginEvent.Broken event = new PluginEvent.Broken(kind, provenance, reason);
        broken.add(event);
        emit(event);
    }

    /** What cannot be used at present. */
    public synchronized List<PluginEvent.Broken> broken() {
        return List.copyOf(broken);
    }

    /** Forgets what was broken about something, since it is gone or mended. */
    public synchronized void mended(String provenance) {
        broken.removeIf(event -> event.provenance().equals(provenance));
    }

    /** Tells that a host has let go of a jar. */
    public synchronized void unloaded(Provenance provenance) {
        emit(new PluginEvent.Unloaded(provenance));
    }

    /**
     * What is there and what is broken as if it happened now, then what happens from now on, but for who looks plugins through; never ends. It is told on
     * the thread of whoever causes it, which must not be kept waiting.
     */
    public Flux<PluginEvent> events() {
        return Flux.create(sink -> {
            synchronized (this) {
                plugins.forEach(plugin -> sink.next(new PluginEvent.Added(plugin)));
                broken.forEach(sink::next);
                Disposable further = events.asFlux().subscribe(sink::next);
                sink.onDispose(further);
            }
        });
    }

    /**
     * A lease, to be closed by whoever takes it.
     *
     * @param holder who, for people who want to know what keeps a plugin
     */
    public PluginLease lease(String holder) {
        return new PluginLease(this, holder, false);
    }

    /** Who holds a plugin at present. */
    public synchronized List<String> holders(Plugin plugin) {
        return holdings.of(plugin);
    }

    /** Plugins that were removed and are still in use. */
    public synchronized List<Plugin> leaving() {
        return holdings.leaving().stream().sorted(listing).toList();
    }

    @Override
    public List<Plugin> plugins() {
        return plugins.stream().sorted(listing).toList();
    }

    @Override
    public Plugin plugin(PluginKind kind, String name) {
        return PluginName.parse(name).among(kind, plugins(kind));
    }

    @Override
    public Optional<Plugin> find(PluginKind kind, Predicate<Plugin> fits) {
        try (PluginLease kept = keep(kind)) {
            return newest(kind).stream().filter(fits).findFirst();
        }
    }

    @Override
    public PluginLease keep(PluginKind kind) {
        PluginLease lease = new PluginLease(this, "a look at every " + kind.text(), true);
        synchronized (this) {
            plugins(kind).forEach(lease::hold);
        }
        return lease;
    }

    void held(PluginLease lease, Plugin plugin) {
        holdings.add(lease, plugin);
        if (!lease.passing()) {
            emit(new PluginEvent.Held(plugin, lease.holder()));
        }
    }

    List<Runnable> released(PluginLease lease, Collection<Plugin> released) {
        List<Runnable> due = holdings.remove(lease, released);
        if (!lease.passing()) {
            released.forEach(plugin -> emit(new PluginEvent.Released(plugin, lease.holder())));
        }
        return due;
    }

    /** Who holds what, but for those who only look it through. */
    synchronized IdentityHashMap<Plugin, List<String>> held() {
        return holdings.lasting();
    }

    private void emit(PluginEvent event) {
        // nobody may be listening
        events.tryEmitNext(event);
    }
}
