package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.testing.SamplePlugin;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

class OsgiHostTest {
    @TempDir
    private Path directory;

    private final PluginRegistry registry = new PluginRegistry();
    private OsgiHost host;

    @BeforeEach
    void start() {
        host = new OsgiHost(registry, List.of(directory.resolve("plugins")));
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void aPluginIsAServiceOfItsBundleAsLongAsItIsThere() throws IOException, InvalidSyntaxException {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(directory.resolve("plugins"));
        host.scan();

        ServiceReference<?> service = service("sample");
        assertThat(service.getBundle().getSymbolicName()).isEqualTo("org.example.sample");
        assertThat(service.getProperty("graft.version")).isEqualTo("1.0.0");
        assertThat(host.context().getService(service)).isSameAs(registry.optimizer("sample"));
        Files.delete(jar);
        host.scan();
        assertThat(service("sample")).isNull();
    }

    @Test
    void aBundleThatIsStartedByHandBringsItsPlugins() throws BundleException {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(directory.resolve("elsewhere"));
        Bundle bundle = host.context().installBundle(jar.toUri().toString());
        assertThat(registry.plugins()).isEmpty();

        bundle.start();
        assertThat(registry.plugin(PluginKind.OPTIMIZER, "sample").provenance()).hasToString("org.example.sample");
        bundle.stop();
        assertThat(registry.plugins()).isEmpty();
    }

    @Test
    void aBundleThatIsStartedByHandAndFailsIsReported() throws BundleException {
        Path jar = SamplePlugin.of("sample")
                .with("public Sample() { throw new IllegalStateException(\"no disk\"); }")
                .jar("sample", "1.0.0")
                .into(directory.resolve("elsewhere"));
        host.context().installBundle(jar.toUri().toString()).start();

        assertThat(broken())
                .containsExactly("skipped a broken optimizer plugin of org.example.sample: org.example.Sample cannot be"
                        + " made: IllegalStateException (no disk)");
    }

    @Test
    void aJarThatIsNoBundleIsReported() {
        SamplePlugin.of("sample")
                .jar("sample", "1.0.0")
                .header("Bundle-SymbolicName", null)
                .into(directory.resolve("plugins"));
        host.scan();

        assertThat(broken())
                .containsExactly("skipped sample.jar: it is no OSGi bundle: its manifest has no Bundle-SymbolicName");
    }

    @Test
    void aBundleThatImportsWhatIsNotThereIsReported() {
        SamplePlugin.of("sample")
                .jar("sample", "1.0.0")
                .header("Import-Package", "dev.graft.spi.plugin,org.library;version=\"[1,2)\"")
                .into(directory.resolve("plugins"));
        host.scan();

        assertThat(broken())
                .singleElement()
                .asString()
                .startsWith("skipped sample.jar: it cannot be started as a bundle: BundleException (")
                .contains("org.library")
                .doesNotContain("\n");
    }

    private ServiceReference<?> service(String id) throws InvalidSyntaxException {
        ServiceReference<?>[] found =
                host.context().getServiceReferences(OptimizerProvider.class.getName(), "(graft.id=" + id + ")");
        return found == null ? null : found[0];
    }

    private List<String> broken() {
        List<String> lines = new ArrayList<>();
        registry.events()
                .ofType(PluginEvent.Broken.class)
                .subscribe(event -> lines.add(event.sentence()))
                .dispose();
        return lines;
    }
}
