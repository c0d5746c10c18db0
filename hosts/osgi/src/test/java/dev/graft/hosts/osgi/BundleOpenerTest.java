package dev.graft.hosts.osgi;

import dev.graft.kernel.testing.HostChecks;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class BundleOpenerTest {
    @TestFactory
    Stream<? extends DynamicNode> jarsAsBundles() {
        return new HostChecks(() -> new BundleOpener(new EmbeddedFramework())).tests();
    }
}
