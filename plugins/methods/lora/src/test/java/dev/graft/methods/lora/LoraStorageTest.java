package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraStorageTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});
    private static final String QUERY = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";

    /** What principal components are taken off as a product is written as one update of twice the rank. */
    private static final Offset<Float> ROUNDING = within(1e-5f);

    @TempDir
    private Path directory;

    @Test
    void aSavedAdapterComputesTheSameAgain() {
        savedComputesTheSame(SmallModel.llama(), Variants.llama());
        savedComputesTheSame(SmallModel.gpt2(), Variants.gpt2());
        savedComputesTheSame(SmallModel.bertClassifier(), Variants.bert());
    }

    private void savedComputesTheSame(SmallModel small, Map<String, Map<String, Object>> variants) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            variants.forEach((name, keys) -> {
                AttachedAdapter adapter = LORA.attachMoved(bench, model, keys);
                Path saved = folder(small, name);
                loader.save(saved, "base", model, List.of(adapter));
                List<AttachedAdapter> again = loader.load(saved, model);
                float[] expected = Runs.logits(bench, model, TOKENS, adapter);
                float[] found = Runs.logits(bench, model, TOKENS, again.get(0));
                if (keys.containsValue("pissa")) {
                    assertThat(found).as(name).containsExactly(expected, ROUNDING);
                } else {
                    assertThat(found).as(name).isEqualTo(expected);
                    assertThat(MethodChecks.values(again.get(0)))
                            .as(name)
                            .containsExactlyEntriesOf(MethodChecks.values(adapter));
                }
                again.forEach(AttachedAdapter::release);
                adapter.release();
            });
        }
    }

    @Test
    void trainingGoesOnAfterLoadingAsIfItHadNeverStopped() {
        goesOnAsIfItHadNeverStopped(SmallModel.llama(), Variants.llama());
        goesOnAsIfItHadNeverStopped(SmallModel.gpt2(), Variants.gpt2());
        goesOnAsIfItHadNeverStopped(SmallModel.bertClassifier(), Variants.bert());
    }

    private void goesOnAsIfItHadNeverStopped(SmallModel small, Map<String, Map<String, Object>> variants) {
        variants.forEach((name, keys) -> {
            if (!keys.containsValue("pissa")) {
                Map<String, Object> dropping = new TreeMap<>(keys);
                dropping.put("lora_dropout", 0.25);
                LORA.checks(small, dropping).trainingGoesOnAfterLoading(folder(small, name));
            }
        });
    }

    private Path folder(SmallModel small, String variant) {
        return directory.resolve(small.config().modelType()).resolve(variant.replaceAll("[^a-z]", "-"));
    }

    @Test
    void theFilesAreThoseOfPeft() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            AttachedAdapter adapter = LORA.attachMoved(
                    bench, model, Map.of("r", 2, "target_modules", List.of("c_attn"), "lora_alpha", 4));
            Path saved = directory.resolve("adapter");
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));

            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("peft_type", "LORA")
                    .containsEntry("base_model_name_or_path", "base")
                    .containsEntry("task_type", "CAUSAL_LM")
                    .containsEntry("r", 2)
                    .containsEntry("lora_alpha", 4.0)
                    .containsEntry("target_modules", List.of("c_attn"))
                    .containsEntry("fan_in_fan_out", true)
                    .containsEntry("init_lora_weights", true)
                    .containsEntry("modules_to_save", null);
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
                assertThat(file.contents().keySet())
                        .containsExactlyInAnyOrder(
                                "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight",
                                "base_model.model.transformer.h.0.attn.c_attn.lora_B.weight",
                                "base_model.model.transformer.h.1.attn.c_attn.lora_A.weight",
                                "base_model.model.transformer.h.1.attn.c_attn.lora_B.weight");
            }
            adapter.release();
        }
    }

    @Test
    void principalComponentsAreSavedForTheUnchangedBase() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attachMoved(
                    bench,
                    model,
                    Map.of(
                            "r",
                            3,
                            "lora_alpha",
                            6,
                            "init_lora_weights",
                            "pissa",
                            "rank_pattern",
                            Map.of("v_proj", 2),
                            "alpha_pattern",
                            Map.of("v_proj", 5)));
            Path saved = directory.resolve("adapter");
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));

            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("r", 6)
                    .containsEntry("lora_alpha", 12.0)
                    .containsEntry("rank_pattern", Map.of("v_proj", 4))
                    .containsEntry("alpha_pattern", Map.of("v_proj", 10.0))
                    .containsEntry("init_lora_weights", true);
            adapter.release();
        }
    }

    @Test
    void principalComponentsMayBeSavedAsPeftSavesThem() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter =
                    LORA.attachMoved(bench, model, Map.of("r", 3, "init_lora_weights", "pissa_residual"));
            Path saved = directory.resolve("adapter");
            new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));

            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("r", 3)
                    .containsEntry("init_lora_weights", "pissa");
            adapter.release();
        }
    }

    @Test
    void tensorsThatAreMissingTooManyOrOfAnotherShapeAreNamed() {
        assertRefusedTensors(
                tensors -> tensors.remove(QUERY),
                "lacks tensor '" + QUERY + "', which its configuration asks for on this model");
        assertRefusedTensors(
                tensors -> tensors.put("base_model.model.model.layers.7.extra", tensors.get(QUERY)),
                "holds a tensor that this configuration has no use for on this model, such as"
                        + " 'base_model.model.model.layers.7.extra'");
        assertRefusedTensors(
                tensors -> tensors.put(QUERY, tensors.get(QUERY.replace("lora_A", "lora_B"))),
                "tensor '" + QUERY + "' has shape [16, 2] where configuration and model ask for [2, 16]");
    }

    @Test
    void aConfigurationThatDoesNotFitItsTensorsIsRefused() {
        assertRefusedKeys(Map.of("r", 4), "has shape [2, 16] where configuration and model ask for [4, 16]");
        assertRefusedKeys(
                Map.of("target_modules", List.of("q_proj", "k_proj")),
                "lacks tensor 'base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight'");
        assertRefusedKeys(Map.of("target_modules", List.of("nothing")), "target_modules [nothing] matches no layer");
        assertRefusedKeys(Map.of("r", "many"), "many");
        assertRefusedKeys(Map.of("r", -1), "-1");
    }

    @Test
    void whatIsNotDoneIsRefusedByName() {
        assertRefusedKeys(Map.of("use_qalora", true), "adapter_config.json sets 'use_qalora' to true");
        assertRefusedKeys(
                Map.of("layer_replication", List.of(List.of(0, 2))),
                "adapter_config.json sets 'layer_replication' to [[0, 2]], which this method does not do; it must be"
                        + " left out, null, false or empty");
        assertRefusedKeys(
                Map.of("init_lora_weights", "olora"), "adapter_config.json sets 'init_lora_weights' to olora");
    }

    private void assertRefusedTensors(Consumer<Map<String, TensorData>> change, String message) {
        assertRefused(
                saved -> {
                    Path file = saved.resolve("adapter_model.safetensors");
                    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                        Map<String, TensorData> tensors = new LinkedHashMap<>(opened.contents());
                        change.accept(tensors);
                        SafetensorsWriter.write(saved.resolve("changed"), tensors);
                    }
                    move(saved.resolve("changed"), file);
                },
                message);
    }

    private void assertRefusedKeys(Map<String, Object> keys, String message) {
        assertRefused(
                saved -> {
                    Path file = saved.resolve("adapter_config.json");
                    Map<String, Object> changed = new TreeMap<>(JsonFile.read(file));
                    changed.putAll(keys);
                    JsonFile.write(file, changed);
                },
                message);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertRefused(Consumer<Path> change, String message) {
        Path saved = directory.resolve("hostile");
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter adapter =
                    LORA.attach(model, Map.of("r", 2, "target_modules", List.of("q_proj"), "rank_pattern", Map.of()));
            loader.save(saved, "base", model, List.of(adapter));
            adapter.release();
            change.accept(saved);
            long before = bench.engine().liveArrays();

            assertThatThrownBy(() -> loader.load(saved, model))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(saved.toString(), message)
                    .doesNotContain("\n");
            assertThat(bench.engine().liveArrays()).isEqualTo(before);
        }
    }
}
