package dev.graft.methods.prompt;

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
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFormatTest {
    private static final MethodUnderTest<PromptConfig> PROMPT = new MethodUnderTest<>(new PromptProvider());

    @TempDir
    private Path directory;

    @Test
    void theFilesAreThoseOfPeft() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertClassifier().random(bench)) {
            AttachedAdapter adapter = PROMPT.attach(model, Map.of("num_virtual_tokens", 3));
            new AdapterLoader(bench.registry()).save(directory.resolve("a"), "base", model, List.of(adapter));

            assertThat(JsonFile.read(directory.resolve("a/adapter_config.json")))
                    .containsEntry("peft_type", "PROMPT_TUNING")
                    .containsEntry("task_type", "SEQ_CLS")
                    .containsEntry("base_model_name_or_path", "base")
                    .containsEntry("num_virtual_tokens", 3)
                    .containsEntry("num_transformer_submodules", 1)
                    .containsEntry("num_attention_heads", 4)
                    .containsEntry("num_layers", 2)
                    .containsEntry("token_dim", 16)
                    .containsEntry("prompt_tuning_init", "RANDOM")
                    .containsEntry("tokenizer_kwargs", null)
                    .containsEntry("modules_to_save", List.of("classifier", "score"));
            try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("a/adapter_model.safetensors"))) {
                assertThat(file.contents().keySet())
                        .containsExactlyInAnyOrder(
                                "prompt_embeddings", "base_model.classifier.weight", "base_model.classifier.bias");
            }
            adapter.release();
        }
    }

    @Test
    void aTextIsWrittenWithATokenizerSincePeftAsksForOne() {
        ModelView model = new ModelView(description(), List.of());
        Map<String, Object> file = new PromptFormat()
                .write(new AdapterFormat.Described(
                        "a",
                        Map.of("num_virtual_tokens", 2, "prompt_tuning_init", "TEXT", "prompt_tuning_init_text", "x"),
                        model,
                        "some/base",
                        List.of(),
                        Set.of()));

        assertThat(file)
                .containsEntry("tokenizer_name_or_path", "some/base")
                .containsEntry("prompt_tuning_init_text", "x");
        assertThat(new PromptFormat().read(file))
                .containsEntry("prompt_tuning_init", "TEXT")
                .containsEntry("prompt_tuning_init_text", "x");
    }

    @Test
    void aTextThatPeftWroteWithoutUsingItIsLeftOut() {
        assertThat(new PromptFormat()
                        .read(Map.of(
                                "num_virtual_tokens", 2,
                                "prompt_tuning_init", "RANDOM",
                                "prompt_tuning_init_text", "x")))
                .doesNotContainKey("prompt_tuning_init_text");
    }

    @Test
    void filesOfOtherMethodsOfTheSameLayoutAreNotItsOwn() {
        assertThat(new PromptFormat().recognises(Map.of("peft_type", "PROMPT_TUNING")))
                .isTrue();
        assertThat(new PromptFormat().recognises(Map.of("peft_type", "PROMPT_TUNING", "graft_method", "other")))
                .isFalse();
        assertThat(new PromptFormat().recognises(Map.of("peft_type", "P_TUNING")))
                .isFalse();
    }

    @Test
    void whatIsNotDoneIsRefusedByName() {
        assertRefused(Map.of("num_transformer_submodules", 2), "'num_transformer_submodules' to 2");
        assertRefused(Map.of("modules_to_save", List.of("lm_head")), "'modules_to_save' to [lm_head]");
        assertRefused(Map.of("num_tasks", 3), "'num_tasks' to 3");
    }

    private static void assertRefused(Map<String, Object> file, String message) {
        assertThatThrownBy(() -> new PromptFormat().read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void mistakesInARecipeGiveOneSentence() {
        SmallModel small = SmallModel.llama();
        PROMPT.keysAreRefused(small, Map.of(), "num_virtual_tokens");
        PROMPT.keysAreRefused(small, Map.of("num_virtual_tokens", 0), "num_virtual_tokens");
        PROMPT.keysAreRefused(small, Map.of("num_virtual_tokens", 1, "prompt_tuning_init", "MLP"), "RANDOM, TEXT");
        PROMPT.keysAreRefused(
                small, Map.of("num_virtual_tokens", 1, "prompt_tuning_init", "TEXT"), "prompt_tuning_init_text");
        PROMPT.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "prompt_tuning_init_text", "x"),
                "it must be TEXT for the text to be used");
        PROMPT.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "prompt_tuning_init", "TEXT", "prompt_tuning_init_text", "x"),
                "needs a tokenizer");
        PROMPT.keysAreRefused(
                small,
                Map.of("num_virtual_tokens", 1, "tokenizer_kwargs", Map.of("add_bos_token", false)),
                "tokenizer_kwargs is");
    }

    private static ModelDescription description() {
        return new ModelDescription("llama", "LlamaForCausalLM", Task.CAUSAL_LM, 2, 16, 4, 2, 4, 32, 64, 0, 0);
    }
}
