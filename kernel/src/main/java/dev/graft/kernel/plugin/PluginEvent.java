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
     * @param kind what it should be; null where that is not known
     * @param provenance where it is
     * @param reason why, in one line
     */
    record Broken(PluginKind kind, String provenance, String reason) implements PluginEvent {
        /** The whole of it in one line. */
        public String sentence() {
            String what = kind == null ? provenance : "a broken " + kind.text() + " plugin of " + provenance;
            return "skipped " + what + ": " + reason;
        }
    }

    /**
     * Somebody uses a plugin from now on.
     *
     * @param plugin which
     * @param holder who
     */
    record Held(Plugin plugin, String holder) implements PluginEvent {}

    /**
     * Somebody no longer uses a plugin.
     *
     * @param plugin which
     * @param holder who
     */
    record Released(Plugin plugin, String holder) implements PluginEvent {}

    /**
     * A host has let go of a jar, since whoever used it has ended.
     *
     * @param provenance which jar
     */
    record Unloaded(Provenance provenance) implements PluginEvent {}
}
