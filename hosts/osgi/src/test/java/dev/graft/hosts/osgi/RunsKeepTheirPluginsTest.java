package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.testing.JarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunsKeepTheirPluginsTest {
    private static final Path THIRD_PARTY = Path.of("../../examples/third-party-method/target/classes");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void aRunKeepsItsVersionWhileANewerOneComesAndItsOwnGoes(HostKind kind) throws IOException {
        TinyRun tiny = TinyRun.in(directory);
        try (HostedPlugins plugins = new HostedPlugins(kind, directory.resolve("plugins"))) {
            Path first = HostedPlugins.method("lora", "1.0.0").into(plugins.folder);
            plugins.host.scan();
            byte[] undisturbed = TinyRun.learnt(tiny.train(plugins.registry, "lora", "undisturbed", step -> {}));

            List<String> holders = new ArrayList<>();
            Path run = tiny.train(plugins.registry, "lora", "run", step -> {
                if (step == 2) {
                    HostedPlugins.method("lora", "1.1.0").into(plugins.folder);
                    plugins.host.scan();
                }
                if (step == 4) {
                    holders.addAll(plugins.registry.holders(plugins.registry.plugin(PluginKind.METHOD, "lora@1.0.0")));
                    delete(first);
                    plugins.host.scan();
                }
                if (step >= 4) {
                    assertThat(plugins.unloaded).isEmpty();
                    assertThat(plugins.registry.leaving())
                            .extracting(Plugin::toString)
                            .containsExactly("method lora@1.0.0");
                }
            });

            assertThat(holders).containsExactly("training run " + directory.resolve("run"));
            assertThat(plugins.unloaded).containsExactly("lora-1.0.0.jar");
            assertThat(TinyRun.learnt(run)).isEqualTo(undisturbed);
            assertThat(TinyRun.manifest(run)).contains("\"1.0.0\"");
            Path next = tiny.train(plugins.registry, "lora", "next", step -> {});
            assertThat(TinyRun.manifest(next)).contains("\"1.1.0\"").doesNotContain("\"1.0.0\"");
            assertThat(plugins.broken()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecipeThatPinsAVersionGetsIt(HostKind kind) {
        TinyRun tiny = TinyRun.in(directory);
        try (HostedPlugins plugins = new HostedPlugins(kind, directory.resolve("plugins"))) {
            HostedPlugins.method("lora", "1.0.0").into(plugins.folder);
            HostedPlugins.method("lora", "1.1.0").into(plugins.folder);
            plugins.host.scan();

            Path run = tiny.train(plugins.registry, "lora@1.0.0", "run", step -> {});
            assertThat(TinyRun.manifest(run)).contains("\"1.0.0\"").doesNotContain("\"1.1.0\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMethodOfSomebodyElseIsTrainableWithinThreeSecondsOfItsComing(HostKind kind) {
        TinyRun tiny = TinyRun.in(directory);
        try (HostedPlugins plugins = new HostedPlugins(kind, directory.resolve("plugins"))) {
            plugins.host.watch();
            JarBuilder.named("ln-tuning").classes(THIRD_PARTY).into(plugins.folder);

            await().atMost(Duration.ofSeconds(3))
                    .until(() -> plugins.registry.plugins(PluginKind.METHOD).stream()
                            .anyMatch(plugin -> plugin.id().equals("ln-tuning")));
            Path run = tiny.train(plugins.registry, "ln-tuning", "run", step -> {});
            assertThat(TinyRun.manifest(run)).contains("ln-tuning");
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
