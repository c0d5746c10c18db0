package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.ScratchDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** An OSGi framework inside the program, with its storage in a temporary directory. */
final class EmbeddedFramework implements AutoCloseable {
    /** What plugins built with bnd ask for, if it is there: somebody who registers what their services files name. */
    private static final String REGISTRAR =
            "osgi.extender;osgi.extender=\"osgi.serviceloader.registrar\";version:Version=\"1.0\"";

    private final ScratchDirectory storage = ScratchDirectory.create("graft-osgi");
    private final Framework framework;

    EmbeddedFramework() {
        this(Map.of());
    }

    /**
     * Starts a framework.
     *
     * @param further settings beside, or in place of, its own
     */
    EmbeddedFramework(Map<String, String> further) {
        try {
            framework =
                    new FrameworkFactory().newFramework(settings(storage.path().resolve("bundles"), further));
            framework.init();
            framework.start();
        } catch (BundleException e) {
            throw new IllegalStateException("the OSGi framework does not start", e);
        }
    }

    private static Map<String, String> settings(Path storage, Map<String, String> further) {
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SystemPackages.header());
        settings.put(Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA, REGISTRAR);
        // A bundle that is replaced stays as long as it is used, beside one of the same name and version.
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        // Bundles see what they import, and no more; and the program's URLs stay the program's affair.
        settings.put("felix.bootdelegation.implicit", "false");
        settings.put("felix.service.urlhandlers", "false");
        settings.put("felix.log.level", "1");
        // Threads of a parallel resolver outlive the framework.
        settings.put("felix.resolver.parallelism", "1");
        settings.putAll(further);
        return settings;
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Waits until it is stopped. */
    void await() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops all bundles and deletes the storage. */
    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(0);
            storage.close();
        } catch (BundleException e) {
            throw new IllegalStateException("the OSGi framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
