package dev.graft.methods.ptuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PTuningFormatTest {
    private static final MethodUnderTest<PTuningConfig> P_TUNING = new MethodUnderTest<>(new PTuningProvider());

    @TempDir
    private Path directory;

    @Test
    void theFilesAreThoseOfPeftAndTheEncoderLiesBesideThem() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = P_TUNING.attach(model, Map.of("num_virtual_tokens", 3));
            new AdapterLoader(bench.registry()).save(directory.resolve("a"), "base", model, List.of(adapter));

            assertThat(JsonFile.read(directory.resolve("a/adapter_config.json")))
                    .containsEntry("peft_type", "P_TUNING")
                    .containsEntry("task_type", "CAUSAL_LM")
                    .containsEntry("num_virtual_tokens", 3)
                    .containsEntry("encoder_reparameterization_type", "MLP")
                    .containsEntry("encoder_hidden_size", 16)
                    .containsEntry("encoder_num_layers", 2)
                    .containsEntry("encoder_dropout", 0.0)
                    .containsEntry("token_dim", 16)
                    .containsEntry("num_transformer_submodules", 1)
                    .doesNotContainKey("pseudo_token");
            assertThat(names("a/adapter_model.safetensors")).containsExactly("prompt_embeddings");
            assertThat(names("a/training_state.safetensors"))
                    .contains("prompt_encoder.default.embedding.weight", "prompt_encoder.default.mlp_head.4.bias")
                    .hasSize(7);
            adapter.release();
        }
    }

    private List<String> names(String file) {
        try (SafetensorsFile opened = SafetensorsFile.open(directory.resolve(file))) {
            return List.copyOf(opened.contents().keySet());
        }
    }

    @Test
    void whatIsNotDoneIsRefusedByName() {
        assertThatThrownBy(() -> new PTuningFormat().read(Map.of("num_transformer_submodules", 2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'num_transformer_submodules' to 2");
        assertThatThrownBy(() -> new PTuningFormat().read(Map.of("prompt_tuning_init", "TEXT")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'prompt_tuning_init' to TEXT");
    }

    @Test
    void mistakesInARecipeGiveOneSentence() {
        SmallModel small = SmallModel.llama();
        P_TUNING.keysAreRefused(small, Map.of(), "num_virtual_tokens");
        P_TUNING.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "encoder_reparameterization_type", "GRU"), "MLP");
        P_TUNING.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "encoder_hidden_size", 0), "encoder_hidden_size");
        P_TUNING.keysAreRefused(small, Map.of("num_virtual_tokens", 1, "encoder_num_layers", 0), "encoder_num_layers");
        P_TUNING.keysAreRefused(small, Map.of("num_virtual_tokens", 1, "encoder_dropout", 1.5), "encoder_dropout");
    }
}
