package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.method.MethodProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Methods of this build, as the bundles that bnd makes of them, stand what every method must. */
class MethodBundlesTest {
    private static final List<String> IDS = List.of(
            "lora",
            "ia3",
            "bitfit",
            "adapter",
            "prefix",
            "p-tuning-v2",
            "full",
            "sparse",
            "diff-pruning",
            "ewc",
            "adapter-fusion",
            "prompt",
            "p-tuning",
            "ppt",
            "hard-prompt");

    @TempDir
    private static Path folder;

    private static HostedPlugins plugins;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void install() {
        plugins = new HostedPlugins(HostKind.BUNDLES, folder);
        IDS.forEach(id -> HostedPlugins.method(id, "1.0.0")
                .manifest(HostedPlugins.classes(id).resolve(JarFile.MANIFEST_NAME))
                .into(folder));
        plugins.host.scan();
    }

    @AfterAll
    static void close() {
        plugins.close();
    }

    @Test
    void everyMethodOfThisBuildIsABundle() {
        assertThat(plugins.broken()).isEmpty();
        assertThat(plugins.registry.plugins(PluginKind.METHOD))
                .extracting(plugin -> plugin.id())
                .containsExactlyInAnyOrderElementsOf(IDS);
    }

    @TestFactory
    Stream<DynamicNode> theyStandWhatEveryMethodMust() {
        return Stream.of(
                        checks("lora", SmallModel.llama(), Map.of("r", 2)),
                        checks("ia3", SmallModel.llama(), Map.of()),
                        checks("bitfit", SmallModel.bertClassifier(), Map.of()),
                        checks("sparse", SmallModel.gpt2(), Map.of("mask", "random", "density", 0.2)),
                        checks("adapter", SmallModel.bertClassifier(), Map.of("init_weights", "mam_adapter"))
                                .refusingToMerge("cannot be merged"),
                        checks("prompt", SmallModel.llama(), Map.of("num_virtual_tokens", 3))
                                .changingLogitsWhenFresh()
                                .refusingToMerge("cannot be merged"),
                        checks("p-tuning-v2", SmallModel.bertClassifier(), Map.of())
                                .changingLogitsWhenFresh()
                                .refusingToMerge("cannot be merged"),
                        checks("prefix", SmallModel.llama(), Map.of("num_virtual_tokens", 3, "encoder_hidden_size", 5))
                                .changingLogitsWhenFresh()
                                .refusingToMerge("cannot be merged"))
                .map(checks -> checks.tests(scratch));
    }

    private static MethodChecks<?> checks(String id, SmallModel small, Map<String, Object> keys) {
        return checks(plugins.registry.method(id), small, keys);
    }

    private static <C extends Record> MethodChecks<C> checks(
            MethodProvider<C> method, SmallModel small, Map<String, Object> keys) {
        return MethodChecks.of(method, small, keys);
    }
}
