package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLoaderHostTest {
    /** A provider like any other. */
    public static class Good implements OptimizerProvider<NoOptions> {
        @Override
        public String id() {
            return "good";
        }

        @Override
        public String summary() {
            return "Does nothing";
        }

        @Override
        public Class<NoOptions> configuration() {
            return NoOptions.class;
        }

        @Override
        public Optimizer create(NoOptions configuration) {
            throw new UnsupportedOperationException("listing a plugin must not create it");
        }
    }

    /** A provider whose constructor fails. */
    public static final class Failing extends Good {
        /** Fails. */
        public Failing() {
            throw new IllegalStateException("no disk");
        }
    }

    /** A provider with a malformed id. */
    public static final class Nameless extends Good {
        @Override
        public String id() {
            return "";
        }
    }

    @Test
    void brokenProvidersAreReportedInOneLineAndSkipped(@TempDir Path directory) throws IOException {
        PluginRegistry registry = registry(
                directory,
                Failing.class.getName(),
                "dev.graft.Missing",
                ServiceLoaderHostTest.class.getName(),
                Nameless.class.getName(),
                Good.class.getName());

        assertThat(registry.plugins()).extracting(Plugin::id).containsExactly("good");
        assertThat(broken(registry))
                .hasSize(4)
                .allSatisfy(reason -> assertThat(reason).doesNotContain("\n"));
        assertThat(broken(registry).get(0))
                .isEqualTo("Provider " + Failing.class.getName()
                        + " could not be instantiated: IllegalStateException (no disk)");
        assertThat(broken(registry).get(1)).isEqualTo("Provider dev.graft.Missing not found");
        assertThat(broken(registry).get(2)).endsWith(ServiceLoaderHostTest.class.getName() + " not a subtype");
        assertThat(broken(registry).get(3)).contains(Nameless.class.getName()).contains("its id is ''");
    }

    @Test
    void aPluginKnowsWhereItCameFrom(@TempDir Path directory) throws IOException {
        Plugin good = registry(directory, Good.class.getName()).plugin(PluginKind.OPTIMIZER, "good");

        assertThat(good.provenance()).hasToString("test-classes");
    }

    private static PluginRegistry registry(Path directory, String... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(OptimizerProvider.class.getName()), List.of(providers));
        try (URLClassLoader classPath = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, ServiceLoaderHostTest.class.getClassLoader())) {
            return new ServiceLoaderHost(classPath).registry();
        }
    }

    private static List<String> broken(PluginRegistry registry) {
        return registry.broken().stream().map(PluginEvent.Broken::reason).toList();
    }
}
