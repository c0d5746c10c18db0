package dev.graft.methods.ia3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ia3FilesTest {
    private static final Ia3Provider IA3 = new Ia3Provider();

    @TempDir
    private Path directory;

    @Test
    void theFilesAreThoseOfPeft() {
        assertThat(saved(SmallModel.gpt2(), Map.of()))
                .containsEntry("peft_type", "IA3")
                .containsEntry("base_model_name_or_path", "base")
                .containsEntry("task_type", "CAUSAL_LM")
                .containsEntry("target_modules", List.of("c_attn", "mlp.c_proj"))
                .containsEntry("feedforward_modules", List.of("mlp.c_proj"))
                .containsEntry("fan_in_fan_out", true)
                .containsEntry("init_ia3_weights", true)
                .containsEntry("modules_to_save", null);
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.contents()).hasSize(4);
            assertThat(file.tensor("base_model.model.transformer.h.1.attn.c_attn.ia3_l")
                            .shape())
                    .isEqualTo(Shape.of(48, 1));
            assertThat(file.tensor("base_model.model.transformer.h.1.mlp.c_proj.ia3_l")
                            .shape())
                    .isEqualTo(Shape.of(1, 64));
        }
    }

    @Test
    void aClassifiersHeadIsAmongTheModulesToSave() {
        assertThat(saved(SmallModel.bertClassifier(), Map.of()))
                .containsEntry("modules_to_save", List.of("classifier", "score"))
                .containsEntry("feedforward_modules", List.of("output.dense"));
    }

    @Test
    void feedForwardModulesThatAreNoTargetsAreWrittenAsAnExpressionThatPeftReads() {
        assertThat(saved(SmallModel.bertClassifier(), Map.of("target_modules", List.of("dense"))))
                .containsEntry("feedforward_modules", ".*(output\\.dense)");
    }

    @Test
    void feedForwardModulesMayEndTheWholeNamesThatPeftWritesForAllLinear() {
        assertThat(saved(
                        SmallModel.llama(),
                        Map.of(
                                "target_modules",
                                List.of("model.layers.0.mlp.down_proj"),
                                "feedforward_modules",
                                List.of("down_proj"))))
                .containsEntry("feedforward_modules", ".*(down_proj)");
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.tensor("base_model.model.model.layers.0.mlp.down_proj.ia3_l")
                            .shape())
                    .isEqualTo(Shape.of(1, 24));
        }
    }

    @Test
    void aFileWithoutFeedForwardModulesScalesOutputsOnly() {
        Map<String, Object> file = new TreeMap<>();
        file.put("target_modules", List.of("down_proj"));
        file.put("feedforward_modules", List.of());
        file.put("exclude_modules", null);

        assertThat(new Ia3Format().read(file))
                .isEqualTo(Map.of("target_modules", List.of("down_proj"), "feedforward_modules", List.of()));
    }

    @Test
    void mistakesAreNamed() {
        refused(
                Map.of("target_modules", List.of("query")),
                "target_modules [query] matches no linear layer of this model; its linear layers are called [down_proj,"
                        + " gate_proj, k_proj, lm_head, o_proj, q_proj, up_proj, v_proj]");
        refused(
                Map.of("target_modules", List.of("embed_tokens", "k_proj")),
                "matches the table 'model.embed_tokens'; IA3 scales linear layers only");
        refused(
                Map.of("target_modules", List.of("k_proj"), "feedforward_modules", List.of("down_proj")),
                "feedforward_modules names 'down_proj', which is not among target_modules [k_proj]");
        refused(
                Map.of("modules_to_save", List.of("scorer")),
                "modules_to_save names 'scorer', which this model does not have; its outermost modules are"
                        + " [embed_tokens, lm_head, model]");
        refused(Map.of("target_modules", "(*"), "target_modules holds '(*', which is not a regular expression");
        refused(Map.of("init_ia3_weights", "perhaps"), "perhaps");
        refused(Map.of("rank", 4), "rank");
        assertThatThrownBy(() -> new Ia3Format().read(Map.of("use_gates", true)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("adapter_config.json sets 'use_gates' to true, which this method does not do; it must be"
                        + " left out, null, false or empty");
    }

    private Map<String, Object> saved(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = MethodChecks.of(IA3, small, keys).attach(model, 1);
            new AdapterLoader(bench.registry()).save(directory, "base", model, List.of(adapter));
            adapter.release();
        }
        return JsonFile.read(directory.resolve("adapter_config.json"));
    }

    private static void refused(Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(
                            () -> MethodChecks.of(IA3, SmallModel.llama(), keys).attach(model, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }
}
