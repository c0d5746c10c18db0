package dev.graft.methods.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixStorageTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});
    private static final String SIDE_FILE = "training_state.safetensors";

    @TempDir
    private Path directory;

    @Test
    void theFilesAreThoseOfPeftAndTheNetworkLiesBeside() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertClassifier().random(bench)) {
            AttachedAdapter adapter = attach(model, Map.of("num_virtual_tokens", 3, "encoder_hidden_size", 5));
            Path saved = save(bench, model, adapter);

            Map<String, Object> expected = new TreeMap<>();
            expected.put("auto_mapping", null);
            expected.put("base_model_name_or_path", "base");
            expected.put("encoder_hidden_size", 5);
            expected.put("inference_mode", true);
            expected.put("init_weights", null);
            expected.put("modules_to_save", List.of("classifier", "score"));
            expected.put("num_attention_heads", 4);
            expected.put("num_layers", 2);
            expected.put("num_transformer_submodules", 1);
            expected.put("num_virtual_tokens", 3);
            expected.put("peft_type", "PREFIX_TUNING");
            expected.put("prefix_projection", true);
            expected.put("revision", null);
            expected.put("task_type", "SEQ_CLS");
            expected.put("token_dim", 16);
            assertThat(JsonFile.read(saved.resolve("adapter_config.json"))).isEqualTo(expected);
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"));
                    SafetensorsFile side = SafetensorsFile.open(saved.resolve(SIDE_FILE))) {
                assertThat(file.contents().keySet())
                        .containsExactlyInAnyOrder(
                                "prompt_embeddings", "base_model.classifier.weight", "base_model.classifier.bias");
                assertThat(file.tensor("prompt_embeddings").shape()).isEqualTo(Shape.of(3, 2 * 2 * 16));
                assertThat(side.contents().keySet())
                        .containsExactlyInAnyOrder(
                                "prompt_encoder.default.embedding.weight",
                                "prompt_encoder.default.transform.0.weight",
                                "prompt_encoder.default.transform.0.bias",
                                "prompt_encoder.default.transform.2.weight",
                                "prompt_encoder.default.transform.2.bias");
            }
            adapter.release();
        }
    }

    @Test
    void withoutTheSideFileTheTableItselfLearns() throws IOException {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = attach(model, Map.of("num_virtual_tokens", 3));
            Path saved = save(bench, model, adapter);
            Files.delete(saved.resolve(SIDE_FILE));
            AttachedAdapter again =
                    new AdapterLoader(bench.registry()).load(saved, model).get(0);

            assertThat(again.attachment().parameters())
                    .extracting(Parameter::name)
                    .containsExactly("prompt_embeddings");
            assertThat(Runs.logits(bench, model, TOKENS, again)).isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
            again.release();
            adapter.release();
        }
    }

    @Test
    void aFileThatDoesNotFitIsRefusedInOneSentence() {
        assertRefused(
                Map.of("num_virtual_tokens", 4),
                "has shape [3, 8] where configuration and model ask for [4, 8]",
                "prompt_encoder.default.");
        assertRefused(Map.of("num_transformer_submodules", 2), "'num_transformer_submodules' to 2", "one stack");
        assertRefused(Map.of("anything_new", 7), "sets 'anything_new' to 7");
        assertRefused(Map.of("encoder_hidden_size", 0), "encoder_hidden_size", "0");
        assertRefused(Map.of("modules_to_save", List.of("nothing")), "modules_to_save names 'nothing'");
    }

    private void assertRefused(Map<String, Object> keys, String... parts) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = attach(model, Map.of("num_virtual_tokens", 3));
            Path saved = save(bench, model, adapter);
            adapter.release();
            Path file = saved.resolve("adapter_config.json");
            Map<String, Object> changed = new TreeMap<>(JsonFile.read(file));
            changed.putAll(keys);
            JsonFile.write(file, changed);
            long before = bench.engine().liveArrays();

            assertThatThrownBy(() -> new AdapterLoader(bench.registry()).load(saved, model))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(parts)
                    .contains(saved.toString())
                    .doesNotContain("\n");
            assertThat(bench.engine().liveArrays()).isEqualTo(before);
        }
    }

    @Test
    void aRecipeThatContradictsItselfIsRefusedInOneSentence() {
        assertThatThrownBy(() -> bind(Map.of("init_text", "a text")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("init_text needs prefix_projection to be false");
        assertThatThrownBy(
                        () -> bind(Map.of("init_text", "a text", "prefix_projection", false, "init_weights", "zero")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("init_text and init_weights both say");
        assertThatThrownBy(() -> bind(Map.of("num_virtual_tokens", 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("num_virtual_tokens");
        assertThatThrownBy(() -> bind(Map.of("init_weights", "ones")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("zero");
    }

    private Path save(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        Path saved = directory.resolve("adapter" + System.nanoTime());
        MethodChecks.moved(bench, adapter, 1);
        new AdapterLoader(bench.registry()).save(saved, "base", model, List.of(adapter));
        return saved;
    }

    private static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        return AdapterBuilder.attach(
                model, new PrefixProvider(), bind(keys), AdapterBuilder.Setting.fresh("prefix", 1));
    }

    private static PrefixConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(PrefixConfig.class, keys, "methods[0]");
    }
}
