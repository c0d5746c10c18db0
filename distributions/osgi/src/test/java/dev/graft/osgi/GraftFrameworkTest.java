package dev.graft.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.testing.SamplePlugin;
import dev.graft.spi.config.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

class GraftFrameworkTest {
    private static final String PROCESSOR = "org.apache.felix.service.command.CommandProcessor";

    @TempDir
    private Path home;

    private GraftFramework graft;

    @BeforeEach
    void start() {
        // Without the bundle of the terminal, which would take the standard input.
        List<Path> bundles = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                .filter(path -> path.matches(".*gogo\\.(runtime|command)-.*\\.jar"))
                .map(Path::of)
                .toList();
        assertThat(bundles).hasSize(2);
        graft = GraftFramework.start(new Layout(bundles, List.of(home.resolve("plugins"))));
    }

    @AfterEach
    void stop() {
        graft.close();
    }

    @Test
    void theShellListsPluginsAndWhoHoldsThem() throws Exception {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(home.resolve("plugins"));
        await().atMost(Duration.ofSeconds(3))
                .until(() -> graft.registry().plugins(PluginKind.OPTIMIZER).stream()
                        .anyMatch(plugin -> plugin.id().equals("sample")));
        assertThat(shell("graft:plugins")).contains("optimizer sample@1.0.0  from sample.jar (osgi)\n");

        try (PluginLease lease = graft.registry().lease("a run")) {
            lease.optimizer("sample");
            assertThat(shell("graft:plugins"))
                    .contains("optimizer sample@1.0.0  from sample.jar (osgi), held by a run\n");
            Files.delete(jar);
            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(shell("graft:plugins"))
                            .contains("optimizer sample@1.0.0  from sample.jar (osgi), held by a run, removed and still"
                                    + " in use\n"));
        }
        assertThat(shell("graft:plugins")).doesNotContain("sample");
    }

    @Test
    void aPluginIsAServiceAsLongAsItIsThere() throws Exception {
        Path jar = SamplePlugin.of("sample").jar("sample", "1.0.0").into(home.resolve("plugins"));
        String contract = PluginKind.OPTIMIZER.provider().getName();
        BundleContext context = graft.context();
        await().atMost(Duration.ofSeconds(3))
                .until(() -> context.getServiceReferences(contract, "(graft.id=sample)") != null);
        Files.delete(jar);
        await().atMost(Duration.ofSeconds(3))
                .until(() -> context.getServiceReferences(contract, "(graft.id=sample)") == null);
    }

    @Test
    void theShellSaysWhatIsBroken() throws Exception {
        Files.writeString(home.resolve("plugins/broken.jar"), "no jar");

        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(shell("graft:plugins"))
                        .contains("skipped broken.jar: it is no jar that can be read"));
    }

    @Test
    void aDirectoryWithoutAdaptersIsSaidToBeOne() throws Exception {
        assertThat(shell("graft:adapters " + home)).contains(home + " holds no adapter");
    }

    @Test
    void anUnknownSettingIsNamed() throws Exception {
        Files.createDirectories(home.resolve("bundle"));
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("graft.properties"), "plugin = here\n");

        assertThatThrownBy(() -> Layout.of(home))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(home.resolve("conf/graft.properties") + ": key 'plugin' is unknown; allowed: plugins");
    }

    /** Runs a line in the shell, whose classes are those of its bundle, and gives what it prints. */
    private String shell(String line) throws Exception {
        BundleContext context = graft.context();
        Object processor = context.getService(context.getAllServiceReferences(PROCESSOR, null)[0]);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Object session = processor
                .getClass()
                .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
                .invoke(
                        processor,
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(printed, true, StandardCharsets.UTF_8),
                        printed);
        Object result =
                session.getClass().getMethod("execute", CharSequence.class).invoke(session, line);
        session.getClass().getMethod("close").invoke(session);
        return printed.toString(StandardCharsets.UTF_8) + result + "\n";
    }
}
