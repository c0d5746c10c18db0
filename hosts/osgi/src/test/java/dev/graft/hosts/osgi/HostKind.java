package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.ClassLoaderOpener;
import dev.graft.kernel.plugin.JarOpener;

/** The ways to open jars, which tests compare. */
enum HostKind {
    /** A class loader for each. */
    CLASS_LOADERS {
        @Override
        JarOpener opener() {
            return new ClassLoaderOpener();
        }
    },
    /** A bundle of each. */
    BUNDLES {
        @Override
        JarOpener opener() {
            return new BundleOpener(new EmbeddedFramework());
        }
    };

    abstract JarOpener opener();
}
