package dev.graft.methods.adapterfusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
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

class FusionFilesTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});
    private static final String CONFIG = "adapter_fusion_config.json";
    private static final String WEIGHTS = "model_adapter_fusion.safetensors";

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> filesOfTheReferenceComeBackFromLoadingAndSaving() {
        List<Path> cases = ReferenceCase.folder("adapterhub").map(FixtureVerifier::cases).orElse(List.of()).stream()
                .filter(folder -> folder.getFileName().toString().startsWith("fusion-"))
                .toList();
        if (cases.isEmpty()) {
            return Stream.of(dynamicTest(
                    "no fixtures",
                    () -> assumeTrue(false, "no reference cases: GRAFT_FIXTURES names their directory")));
        }
        return cases.stream().map(folder -> dynamicTest(folder.getFileName().toString(), () -> comesBack(folder)));
    }

    private void comesBack(Path folder) {
        String base = String.valueOf(JsonFile.read(folder.resolve("case.json")).get("base_model"));
        Path saved = directory.resolve("saved");
        Path again = directory.resolve("again");
        try (Bench bench = new Bench();
                LoadedModel model =
                        bench.load(ReferenceCase.folder("models").orElseThrow().resolve(base))) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            List<AttachedAdapter> adapters = loader.load(folder, model);
            loader.save(saved, base, model, adapters);
            adapters.forEach(AttachedAdapter::release);
            List<AttachedAdapter> reloaded = loader.load(saved, model);
            loader.save(again, base, model, reloaded);
            reloaded.forEach(AttachedAdapter::release);
        }
        for (Path result : List.of(saved, again)) {
            for (Path file : files(folder)) {
                String name = file.getFileName().toString();
                Path copy = result.resolve(folder.relativize(file));
                if (name.endsWith(".json")) {
                    assertThat(JsonFile.read(copy)).as(name).isEqualTo(JsonFile.read(file));
                } else {
                    assertThat(tensors(copy)).as(name).isEqualTo(tensors(file));
                }
            }
            assertThat(result.resolve("a").resolve("model_head.safetensors")).doesNotExist();
        }
    }

    /** What lies in the sub-folders of a case. */
    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.walk(folder, 2)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> !file.getParent().equals(folder))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void trainingGoesOnAfterLoadingAsIfItHadNeverStopped() {
        goesOn(SmallModel.bertClassifier(), Map.of("temperature", true, "dropout_prob", 0.2));
        goesOn(SmallModel.llama(), Map.of("kind", "static", "query_before_ln", true));
    }

    private void goesOn(SmallModel small, Map<String, Object> keys) {
        Path saved = directory.resolve(small.config().modelType());
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter fusion = FusedAdapters.of(bench, model).fresh(keys, 1);
            try (MethodTraining training = new MethodTraining(bench, model, fusion)) {
                double first = training.steps(1);
                training.steps(2);
                loader.save(saved, "base", model, List.of(fusion));
                AttachedAdapter again = loader.load(saved, model).get(0);
                assertThat(again.name()).isEqualTo("fusion");
                assertThat(again.configuration()).isEqualTo(withoutKind(fusion));
                assertThat(Runs.logits(bench, model, TOKENS, again))
                        .isEqualTo(Runs.logits(bench, model, TOKENS, fusion));
                try (MethodTraining resumed = new MethodTraining(bench, model, again).resumedFrom(training)) {
                    double uninterrupted = training.steps(4);
                    assertThat(resumed.steps(4)).isEqualTo(uninterrupted).isLessThan(first);
                }
                assertThat(values(again)).usingRecursiveComparison().isEqualTo(values(fusion));
                again.release();
            }
            fusion.release();
        }
    }

    private static FusionConfig withoutKind(AttachedAdapter fusion) {
        FusionConfig c = (FusionConfig) fusion.configuration();
        return new FusionConfig(
                null,
                c.key(),
                c.query(),
                c.value(),
                c.queryBeforeLn(),
                c.regularization(),
                c.regWeight(),
                c.residualBefore(),
                c.temperature(),
                c.valueBeforeSoftmax(),
                c.valueInitialized(),
                c.dropoutProb());
    }

    private static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            values.put(parameter.name(), parameter.tensor().floats());
        }
        adapter.variables()
                .forEach((name, variable) -> values.put(name, variable.tensor().floats()));
        return values;
    }

    @Test
    void graftsOwnKeysStandBesideAdapterHubs() {
        Path saved = save(Map.of("reg_weight", 0.25, "temperature", true));
        Map<String, Object> file = JsonFile.read(saved.resolve("fusion").resolve(CONFIG));
        assertThat(file)
                .containsEntry("reg_weight", 0.25)
                .containsEntry("adapter_names", List.of("a", "b"))
                .containsEntry("name", "a,b");
        assertThat(((Map<?, ?>) file.get("config")).keySet())
                .isEqualTo(new TreeMap<>((Map<?, ?>) file.get("config")).keySet())
                .hasSize(10);
        assertThat(tensors(saved.resolve("fusion").resolve("fusion_temperature.safetensors")))
                .hasSize(1);
        assertThat(tensors(saved.resolve("fusion").resolve(WEIGHTS)).keySet())
                .allMatch(
                        name -> name.matches(
                                "model\\.layers\\.\\d\\.output_adapters\\.adapter_fusion_layer\\.a,b\\.(query|key|value)\\..*"));
    }

    @Test
    void aMissingPartAndAnUnknownKeyAreNamed() throws IOException {
        Path saved = save(Map.of());
        Files.delete(saved.resolve("graft_manifest.json"));
        assertRefusedAfter(saved, "novelty", 1, "config has a key 'novelty' that a fusion does not know");
        assertRefusedAfter(saved, "novelty", null, "config has a key 'novelty' that a fusion does not know");
        try (Stream<Path> files = Files.walk(saved.resolve("b"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertRefusedAfter(saved, null, null, "is built upon 'b', but there is no folder");
    }

    private static void assertRefusedAfter(Path saved, String key, Object value, String message) {
        Path config = saved.resolve("fusion").resolve(CONFIG);
        Map<String, Object> file = new TreeMap<>(JsonFile.read(config));
        if (key != null) {
            Map<Object, Object> keys = new LinkedHashMap<>((Map<?, ?>) file.get("config"));
            keys.put(key, value);
            file.put("config", keys);
        } else {
            Map<Object, Object> keys = new LinkedHashMap<>((Map<?, ?>) file.get("config"));
            keys.remove("novelty");
            file.put("config", keys);
        }
        JsonFile.write(config, file);
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> new AdapterLoader(bench.registry()).load(saved, model))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }

    private Path save(Map<String, Object> keys) {
        Path saved = directory.resolve("fused");
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter fusion = FusedAdapters.of(bench, model).moved(keys, 1);
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(fusion));
            fusion.release();
        }
        return saved;
    }

    private static Map<String, Object> tensors(Path file) {
        Map<String, Object> tensors = new TreeMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.contents().forEach((name, data) -> tensors.put(name, List.of(data.shape(), data.gather())));
        }
        return tensors;
    }
}
