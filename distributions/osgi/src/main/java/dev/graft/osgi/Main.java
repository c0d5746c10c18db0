package dev.graft.osgi;

import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;

/**
 * Runs Graft in an OSGi framework until that is stopped. The installation is where the system property {@code graft.home}
 * says, or the working directory.
 */
public final class Main {
    private static final int BAD_INPUT = 2;

    private Main() {}

    /** Starts, waits and ends the process. */
    public static void main(String[] arguments) throws InterruptedException {
        Path home = Path.of(System.getProperty("graft.home", "")).toAbsolutePath();
        try (GraftFramework graft = GraftFramework.start(Layout.of(home))) {
            // `exit 0` in the shell ends the process from within, as a signal does from outside.
            Runtime.getRuntime().addShutdownHook(new Thread(graft::close));
            graft.await();
        } catch (ConfigurationException e) {
            System.err.println("graft: " + e.getMessage());
            System.exit(BAD_INPUT);
        }
        System.exit(0);
    }
}
