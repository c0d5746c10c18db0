package dev.graft.hosts.osgi;

import dev.graft.kernel.testing.HostChecks;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class BundleOpenerTest {
    @TempDir
    private Path scratch;

    @TestFactory
    Stream<? extends DynamicNode> jarsAsBundles() {
        return new HostChecks(() -> new BundleOpener(new EmbeddedFramework()), scratch).tests();
    }
}
