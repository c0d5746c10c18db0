package dev.graft.kernel.plugin;

/** What happened to the set of plugins. */
public sealed interface PluginEvent {
    /**
     * A plugin can be used from now on.
     *
     * @param plugin which
     */
    record Added(Plugin plugin) implements PluginEvent {}

    /**
     * A plugin is no longer handed out; what runs keeps it.
     *
     * @param plugin which
     */
    record Removed(Plugin plugin) implements PluginEvent {}

    /**
     * Something that should be a plugin cannot be used.
     *
     * @param kind what it should be
     * @param provenance where it is
     * @param reason why, in one line
     */
    record Broken(PluginKind kind, String provenance, String reason) implements PluginEvent {}
}
