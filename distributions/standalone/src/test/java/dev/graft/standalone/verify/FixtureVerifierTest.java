package dev.graft.standalone.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.CaseReport.Status;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixtureVerifierTest {
    private static final PluginRegistry PLUGINS =
            new ServiceLoaderHost(FixtureVerifierTest.class.getClassLoader()).registry();

    @TempDir
    private Path root;

    private MadeUpCases cases;

    @BeforeEach
    void write() {
        cases = MadeUpCases.write(PLUGINS, root);
    }

    private List<CaseReport> reports() {
        List<CaseReport> reports = new ArrayList<>();
        try (Engine engine = new PluginInstances(PLUGINS).engine(new PluginSection("torch", Map.of("threads", 1)))) {
            boolean passed = new FixtureVerifier(PLUGINS, engine).verify(root, reports::add);
            assertThat(passed).isEqualTo(reports.stream().noneMatch(report -> report.status() == Status.FAIL));
            assertThat(engine.liveArrays()).isZero();
        }
        assertThat(reports).extracting(CaseReport::name).containsExactly("models/small", "peft/lora-small");
        return reports;
    }

    private void assertThatTheAdapterFails(String sentence) {
        CaseReport report = reports().get(1);

        assertThat(report.status()).isEqualTo(Status.FAIL);
        assertThat(report.reason()).contains(sentence).doesNotContain("\n");
    }

    @Test
    void faithfulCasesPass() {
        List<CaseReport> reports = reports();

        assertThat(reports).allSatisfy(report -> {
            assertThat(report.status()).as(report.reason()).isEqualTo(Status.PASS);
            assertThat(report.reason()).isEmpty();
            assertThat(report.maxAbsError()).isLessThan(1e-4);
        });
        assertThat(reports.get(1).maxRelLossError()).isLessThan(1e-4);
    }

    @ParameterizedTest
    @CsvSource({
        "logits, logits differ by",
        "losses, loss 2 is",
        "trained_logits, trained logits differ by",
        "grad_norm_step0, the norm of the first gradients is"
    })
    void aCorruptedExpectationFails(String tensor, String sentence) {
        Map<String, TensorData> corrupted = new LinkedHashMap<>(cases.expected());
        corrupted.put(tensor, MadeUpCases.withElement(corrupted.get(tensor), 2, 1.05f));
        SafetensorsWriter.write(cases.adapter().resolve("expected.safetensors"), corrupted);

        assertThatTheAdapterFails(sentence);
    }

    @Test
    void anExpectationThatIsNoNumberFails() {
        Map<String, TensorData> corrupted = new LinkedHashMap<>(cases.expected());
        corrupted.put("losses", MadeUpCases.withElement(corrupted.get("losses"), 1, Float.NaN));
        corrupted.put("trained_logits", MadeUpCases.withElement(corrupted.get("trained_logits"), 1, Float.NaN));
        SafetensorsWriter.write(cases.adapter().resolve("expected.safetensors"), corrupted);

        assertThatTheAdapterFails("loss 1 is");
        assertThatTheAdapterFails("trained logits differ by Infinity");
    }

    @Test
    void otherTrainedTensorsFail() {
        Map<String, TensorData> corrupted = new LinkedHashMap<>(cases.trained());
        String name = corrupted.keySet().iterator().next();
        corrupted.put(name, MadeUpCases.withElement(corrupted.get(name), 0, 2));
        SafetensorsWriter.write(cases.adapter().resolve("trained.safetensors"), corrupted);

        assertThatTheAdapterFails("trained '" + name + "' differs by");
    }

    @ParameterizedTest
    @CsvSource({
        "trainable_parameters, 1, trainable parameters instead of 1",
        "optimizer, AdamW lr=fast, has 'fast' for a number",
        "optimizer, AdamW eps=1e-8, names no learning rate",
        "base_model, absent, the base model 'absent' of"
    })
    void aWrongDescriptionFails(String key, String value, String sentence) {
        Map<String, Object> description =
                new LinkedHashMap<>(JsonFile.read(cases.adapter().resolve("case.json")));
        description.put(key, key.equals("trainable_parameters") ? Integer.valueOf(value) : value);
        JsonFile.write(cases.adapter().resolve("case.json"), description);

        assertThatTheAdapterFails(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter_model.safetensors", "case.json", "expected.safetensors"})
    void aTornFileFailsWithItsName(String file) throws IOException {
        Path torn = cases.adapter().resolve(file);
        byte[] bytes = Files.readAllBytes(torn);
        Files.write(torn, Arrays.copyOf(bytes, bytes.length / 2));

        assertThatTheAdapterFails(file);
    }

    @Test
    void aMissingFileFailsWithItsName() throws IOException {
        Files.delete(cases.adapter().resolve("adapter_model.safetensors"));

        assertThatTheAdapterFails("adapter_model.safetensors");
    }

    @Test
    void aTechniqueWithoutAPluginIsUnsupported() {
        Path config = cases.adapter().resolve("adapter_config.json");
        Map<String, Object> keys = new LinkedHashMap<>(JsonFile.read(config));
        keys.put("peft_type", "STRANGER");
        JsonFile.write(config, keys);

        CaseReport report = reports().get(1);

        assertThat(report.status()).isEqualTo(Status.UNSUPPORTED);
        assertThat(report.reason()).isEqualTo("no installed plugin reads adapters of peft_type 'STRANGER'");
    }
}
