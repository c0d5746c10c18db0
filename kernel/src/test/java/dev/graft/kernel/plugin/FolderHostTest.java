package dev.graft.kernel.plugin;

import dev.graft.kernel.testing.HostChecks;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class FolderHostTest {
    @TestFactory
    Stream<? extends DynamicNode> jarsInClassLoadersOfTheirOwn() {
        return new HostChecks(ClassLoaderOpener::new).tests();
    }
}
