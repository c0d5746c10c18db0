package dev.graft.kernel.plugin;

import dev.graft.kernel.testing.HostChecks;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class FolderHostTest {
    @TempDir
    private Path scratch;

    @TestFactory
    Stream<? extends DynamicNode> jarsInClassLoadersOfTheirOwn() {
        return new HostChecks(ClassLoaderOpener::new, scratch).tests();
    }
}
