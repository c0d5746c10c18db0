package dev.graft.hosts.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Footprint;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.method.MethodProvider;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MethodsComeAndGoTest {
    private static final int CYCLES = 200;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void methodsThatCameTrainedAndWentLeaveNothingBehind(HostKind kind) throws IOException {
        Path first = HostedPlugins.method("lora", "1.0.0").into(directory.resolve("built"));
        Path second = HostedPlugins.method("lora", "1.1.0").into(directory.resolve("built"));
        Path jar = Files.createDirectories(directory.resolve("plugins")).resolve("lora.jar");
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (HostedPlugins plugins = new HostedPlugins(kind, jar.getParent());
                Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            cycle(plugins, bench, model, jar, List.of(first, second), new ArrayList<>());
            Footprint before = Footprint.now();
            long arrays = bench.engine().liveArrays();
            for (int i = 0; i < CYCLES; i++) {
                cycle(plugins, bench, model, jar, List.of(first, second), loaders);
                assertThat(bench.engine().liveArrays()).isEqualTo(arrays);
            }
            assertThat(plugins.unloaded).hasSize(2 * (CYCLES + 1));
            assertThat(loaders).hasSize(2 * CYCLES);
            Footprint.awaitNoMoreThan(before, loaders);
        }
    }

    private static void cycle(
            HostedPlugins plugins,
            Bench bench,
            LoadedModel model,
            Path jar,
            List<Path> versions,
            List<WeakReference<ClassLoader>> loaders)
            throws IOException {
        for (Path version : versions) {
            Files.deleteIfExists(jar);
            Files.copy(version, jar);
            plugins.host.scan();
            try (PluginLease lease = plugins.registry.lease("a run")) {
                loaders.add(new WeakReference<>(train(bench, model, lease.method("lora"))));
            }
        }
        Files.delete(jar);
        plugins.host.scan();
    }

    private static <C extends Record> ClassLoader train(Bench bench, LoadedModel model, MethodProvider<C> method) {
        AttachedAdapter adapter = new MethodUnderTest<>(method).attach(model, Map.of("r", 2));
        try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
            training.steps(1);
        }
        adapter.release();
        return method.getClass().getClassLoader();
    }
}
