package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginEvent;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.testing.JarBuilder;
import dev.graft.kernel.testing.SamplePlugin;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void bundlesImportTheirOwnVersionsOfOneLibrary() throws BundleException {
        for (String version : List.of("1.5.0", "2.1.0")) {
            Path library = library(version).into(directory.resolve("libraries-" + version));
            host.context().installBundle(library.toUri().toString()).start();
            importing("needs-" + version.charAt(0), version.charAt(0) + ".0", library);
        }
        importing("needs-3", "3.0", library("3.0.0").into(directory.resolve("libraries-3")));
        host.scan();

        assertThat(registry.optimizer("needs-1").summary()).isEqualTo("1.5.0");
        assertThat(registry.optimizer("needs-2").summary()).isEqualTo("2.1.0");
        assertThat(broken())
                .singleElement()
                .asString()
                .startsWith("skipped needs-3.jar: it cannot be started as a bundle: BundleException (")
                .contains("org.library");
    }

    private static JarBuilder library(String version) {
        return JarBuilder.named("library")
                .version(version)
                .header("Import-Package", null)
                .header("Export-Package", "org.library;version=\"" + version + "\"")
                .source(
                        "org.library.Library",
                        "package org.library; public class Library { public static String version() { return \""
                                + version + "\"; } }");
    }

    private void importing(String id, String from, Path library) {
        SamplePlugin.of(id)
                .saying("org.library.Library.version()")
                .jar(id, "1.0.0")
                .against(library)
                .header(
                        "Import-Package",
                        "dev.graft.spi.config,dev.graft.spi.engine,dev.graft.spi.optimizer,dev.graft.spi.plugin,"
                                + "org.library;version=\"[" + from + "," + (from.charAt(0) - '0') + ".9]\"")
                .into(directory.resolve("plugins"));
    }

    private ServiceReference<?> service(String id) throws InvalidSyntaxException {
        ServiceReference<?>[] found =
                host.context().getServiceReferences(OptimizerProvider.class.getName(), "(graft.id=" + id + ")");
        return found == null ? null : found[0];
    }

    private List<String> broken() {
        return registry.broken().stream().map(PluginEvent.Broken::sentence).toList();
    }
}
