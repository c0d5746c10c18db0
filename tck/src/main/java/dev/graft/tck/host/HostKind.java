package dev.graft.tck.host;

import dev.graft.hosts.osgi.OsgiHost;
import dev.graft.kernel.plugin.ClassLoaderOpener;
import dev.graft.kernel.plugin.FolderHost;
import dev.graft.kernel.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;

/** The ways in which programs load plugins. */
public enum HostKind {
    /** A class loader for each jar, which sees the contracts alone. */
    CLASS_LOADER("in a class loader") {
        @Override
        Running start(PluginRegistry registry, Path folder) {
            FolderHost host = new FolderHost(registry, new ClassLoaderOpener(), List.of(folder));
            return new Running(host::scan, host::close);
        }
    },
    /** A bundle of an embedded OSGi framework for each jar. */
    BUNDLE("as an OSGi bundle") {
        @Override
        Running start(PluginRegistry registry, Path folder) {
            OsgiHost host = new OsgiHost(registry, List.of(folder));
            return new Running(host::scan, host::close);
        }
    };

    /**
     * A host at work.
     *
     * @param scan brings its registry to what lies in the folder
     * @param close ends it
     */
    record Running(Runnable scan, Runnable close) {}

    private final String text;

    HostKind(String text) {
        this.text = text;
    }

    /** Starts a host that has not looked into its folder yet. */
    abstract Running start(PluginRegistry registry, Path folder);

    /** How reports say it, for instance {@code as an OSGi bundle}. */
    @Override
    public String toString() {
        return text;
    }
}
