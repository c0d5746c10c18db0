package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.BrokenJarException;
import dev.graft.kernel.plugin.Failures;
import dev.graft.kernel.plugin.JarOpener;
import dev.graft.kernel.plugin.PluginJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * Opens each jar as a bundle: installs and starts it, and makes the providers that its {@code META-INF/services} names.
 * The framework sees to what it imports and to what is inside it. A jar that is replaced becomes a bundle of its own, so
 * that both can be there as long as the old one is used.
 */
final class BundleOpener implements JarOpener {
    /** The kind of host, as provenance names it. */
    static final String HOST = "osgi";

    private static final String LOCATION = "graft:";

    private final EmbeddedFramework framework;
    private long next;

    BundleOpener(EmbeddedFramework framework) {
        this.framework = framework;
    }

    /** Whether a bundle is one of an opener's. */
    static boolean opened(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public Opened open(PluginJar jar) throws BrokenJarException {
        if (jar.headers().getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
            throw new BrokenJarException("it is no OSGi bundle: its manifest has no Bundle-SymbolicName");
        }
        Bundle bundle = installed(jar);
        try {
            bundle.start();
        } catch (BundleException e) {
            uninstall(bundle);
            throw new BrokenJarException("it cannot be started as a bundle: " + Failures.reason(e));
        }
        return Opened.of(jar, bundle::loadClass, () -> uninstall(bundle));
    }

    private Bundle installed(PluginJar jar) throws BrokenJarException {
        String location = LOCATION + next++ + ":" + jar.provenance().name();
        try (InputStream in = Files.newInputStream(jar.copy())) {
            return framework.context().installBundle(location, in);
        } catch (BundleException | IOException e) {
            throw new BrokenJarException("it cannot be installed as a bundle: " + Failures.reason(e));
        }
    }

    private static void uninstall(Bundle bundle) {
        try {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        framework.close();
    }
}
