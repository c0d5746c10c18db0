package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.testing.JarBuilder;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.method.MethodProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the archetype generates, compiled and packed, is a method like any other. */
class ArchetypeTest {
    private static final Path TEMPLATES =
            Path.of("../../archetype/src/main/resources/archetype-resources/src/main/java");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void itIsTrainableWithinThreeSecondsOfItsComing(HostKind kind) throws IOException {
        TinyRun tiny = TinyRun.in(directory);
        JarBuilder jar = generated();
        try (HostedPlugins plugins = new HostedPlugins(kind, directory.resolve("plugins"))) {
            plugins.host.watch();
            jar.into(plugins.folder);

            await().atMost(Duration.ofSeconds(3))
                    .until(() -> plugins.registry.plugins(PluginKind.METHOD).stream()
                            .anyMatch(plugin -> plugin.id().equals("offsets")));
            Path run = tiny.train(plugins.registry, "offsets", "run", step -> {});
            assertThat(TinyRun.manifest(run)).contains("offsets");
        }
    }

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() throws IOException {
        HostedPlugins plugins = new HostedPlugins(HostKind.BUNDLES, directory.resolve("plugins"));
        generated().into(plugins.folder);
        plugins.host.scan();
        return Stream.of(checks(plugins.registry.method("offsets"))
                        .refusingToMerge("cannot be merged")
                        .tests(directory))
                .onClose(plugins::close);
    }

    private static <C extends Record> MethodChecks<C> checks(MethodProvider<C> method) {
        return MethodChecks.of(method, SmallModel.llama(), Map.of("target_modules", List.of("q_proj", "v_proj")));
    }

    /** The sources with what whoever generates them is asked for. */
    private static JarBuilder generated() throws IOException {
        JarBuilder jar =
                JarBuilder.named("offsets").service(MethodProvider.class, "org.example.offsets.OffsetsProvider");
        try (Stream<Path> templates = Files.list(TEMPLATES)) {
            for (Path template : templates.sorted().toList()) {
                String name = template.getFileName().toString().replace("__className__", "Offsets");
                String source = Files.readString(template)
                        .replace("${className}", "Offsets")
                        .replace("${package}", "org.example.offsets")
                        .replace("${methodId}", "offsets");
                jar.source("org.example.offsets." + name.replace(".java", ""), source);
            }
        }
        return jar;
    }
}
