package dev.graft.methods.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class AdapterFilesTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter.safetensors";

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> filesOfTheReferenceComeBackFromLoadingAndSaving() {
        List<Path> cases = ReferenceCase.folder("adapterhub").map(FixtureVerifier::cases).orElse(List.of()).stream()
                .filter(folder -> Files.exists(folder.resolve(CONFIG)))
                .toList();
        if (cases.isEmpty()) {
            return Stream.of(dynamicTest(
                    "no fixtures",
                    () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
        }
        return cases.stream().map(folder -> dynamicTest(folder.getFileName().toString(), () -> comesBack(folder)));
    }

    private void comesBack(Path folder) {
        Object base = JsonFile.read(folder.resolve("case.json")).get("base_model");
        Path models = ReferenceCase.folder("models").orElseThrow();
        Map<String, Object> file = JsonFile.read(folder.resolve(CONFIG));
        Path saved = directory.resolve(folder.getFileName());
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(models.resolve(String.valueOf(base)))) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            List<AttachedAdapter> adapters = loader.load(folder, model);
            loader.save(saved, String.valueOf(file.get("model_name")), model, adapters);
            adapters.forEach(AttachedAdapter::release);
        }
        assertThat(JsonFile.read(saved.resolve(CONFIG))).isEqualTo(file);
        assertThat(tensors(saved.resolve(WEIGHTS))).isEqualTo(tensors(folder.resolve(WEIGHTS)));
    }

    @Test
    void theHeadStandsInAFileOfItsOwn() {
        Path saved = save(SmallModel.bertClassifier(), Map.of());
        assertThat(tensors(saved.resolve("model_head.safetensors")).keySet())
                .containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
        assertThat(JsonFile.read(saved.resolve("head_config.json"))).containsEntry("num_labels", 3);
        assertThat(tensors(saved.resolve(WEIGHTS)).keySet())
                .hasSize(8)
                .allMatch(name -> name.startsWith("bert.encoder.layer.") && name.contains(".output.adapters.adapter."));
    }

    @Test
    void aModelWithoutAClassifierHasNoHeadFile() {
        Path saved = save(SmallModel.llama(), Map.of());
        assertThat(saved.resolve("model_head.safetensors")).doesNotExist();
        assertThat(saved.resolve("head_config.json")).doesNotExist();
    }

    @Test
    void anAdapterWithoutItsHeadFileBeginsWithTheHeadOfTheBase() throws IOException {
        Path saved = save(SmallModel.bertClassifier(), Map.of());
        Files.delete(saved.resolve("model_head.safetensors"));
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertClassifier().random(bench)) {
            AttachedAdapter adapter =
                    new AdapterLoader(bench.registry()).load(saved, model).get(0);
            float[] base =
                    model.weightsByName().get("classifier.weight").tensor().floats();
            assertThat(adapter.attachment().state().get("classifier.weight").floats())
                    .isEqualTo(base);
            adapter.release();
        }
    }

    @Test
    void theOwnNormStandsUnderBothItsNamesAndEitherIsEnough() {
        Path saved = save(SmallModel.llama(), Map.of("ln_before", true));
        Map<String, TensorData> kept = new LinkedHashMap<>();
        Path stripped = directory.resolve("stripped");
        float[] expected;
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter whole = loader.load(saved, model).get(0);
            expected = Runs.logits(bench, model, TOKENS, whole);
            loader.save(stripped, "base", model, List.of(whole));
            whole.release();
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve(WEIGHTS))) {
                file.contents().forEach((name, data) -> {
                    if (!name.contains("adapter_norm_before")) {
                        kept.put(name, data);
                    }
                });
                assertThat(kept).hasSizeLessThan(file.contents().size());
                SafetensorsWriter.write(stripped.resolve(WEIGHTS), kept);
            }
            AttachedAdapter other = loader.load(stripped, model).get(0);
            assertThat(Runs.logits(bench, model, TOKENS, other)).isEqualTo(expected);
            other.release();
        }
    }

    @Test
    void whatIsNotDoneIsRefusedInOneSentence() {
        assertRefused("phm_layer", true, "config sets 'phm_layer' to true, which this method does not do");
        assertRefused("inv_adapter", "nice", "config sets 'inv_adapter' to nice, which this method does not do");
        assertRefused("novelty", 1, "config has a key 'novelty' that bottleneck adapters do not know");
        assertRefused("non_linearity", null, "config lacks the key 'non_linearity'");
        assertRefused("reduction_factor", 2, "where configuration and model ask for");
    }

    private void assertRefused(String key, Object value, String message) {
        Path saved = save(SmallModel.llama(), Map.of());
        Map<String, Object> file = new TreeMap<>(JsonFile.read(saved.resolve(CONFIG)));
        Map<Object, Object> config = new LinkedHashMap<>((Map<?, ?>) file.get("config"));
        config.put(key, value);
        file.put("config", config);
        JsonFile.write(saved.resolve(CONFIG), file);
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> new AdapterLoader(bench.registry()).load(saved, model))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }

    @Test
    void inertKeysAreKeptAsTheyWere() {
        Path saved = save(SmallModel.llama(), Map.of("inert", Map.of("phm_dim", 8)));
        assertThat(JsonFile.read(saved.resolve(CONFIG)).get("config"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("phm_dim", 8)
                .containsEntry("phm_rank", 1);
    }

    private Path save(SmallModel small, Map<String, Object> keys) {
        Path saved = directory.resolve("saved");
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = MethodChecks.moved(
                    bench, MethodChecks.of(new AdapterProvider(), small, keys).attach(model, 1), 2);
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));
            adapter.release();
        }
        return saved;
    }

    private static Map<String, Object> tensors(Path file) {
        Map<String, Object> tensors = new LinkedHashMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.contents().forEach((name, data) -> tensors.put(name, List.of(data.shape(), data.gather())));
        }
        return new TreeMap<>(tensors);
    }
}
