package dev.graft.tck.host;

import dev.graft.hosts.osgi.OsgiHost;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.RuleBroken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A bundle that somebody stops and starts by hand. */
final class StopAndStart {
    private StopAndStart() {}

    static void check(HostTrial trial) throws IOException {
        Presence.swappable(trial);
        if (trial.kind() != HostKind.BUNDLE) {
            throw new NotApplicable("a jar " + trial.kind() + " is neither stopped nor started");
        }
        PluginRegistry registry = new PluginRegistry();
        try (OsgiHost host = new OsgiHost(registry, List.of());
                InputStream in = Files.newInputStream(trial.jar().file())) {
            Bundle bundle = host.context().installBundle("graft-tck", in);
            bundle.start();
            List<String> before = Presence.said(registry.plugins());
            Expect.that(!before.isEmpty(), "it offers nothing once it is started");
            for (int i = 0; i < 2; i++) {
                bundle.stop();
                Expect.equal(registry.plugins(), List.<Plugin>of(), "plugins after it was stopped");
                bundle.start();
                Expect.equal(Presence.said(registry.plugins()), before, "plugins after it was started again");
            }
            bundle.uninstall();
        } catch (BundleException e) {
            throw new RuleBroken("the framework reports: " + e.getMessage(), e);
        }
    }
}
