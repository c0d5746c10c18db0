package dev.graft.models.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaCheckpointTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 8, 11});

    @TempDir
    private Path directory;

    @Test
    void namesOfABareModelAreFound() {
        CheckpointConfig config = Configs.small("llama");
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config, directory, name -> name.replaceFirst("^model\\.", ""));
            try (LoadedModel bare = bench.load(directory, options(Task.CAUSAL_LM, 0))) {
                assertThat(Runs.logits(bench, bare, TOKENS)).isEqualTo(Runs.logits(bench, model, TOKENS));
            }
        }
    }

    @Test
    void aCausalCheckpointGetsANewHeadToClassify() {
        CheckpointConfig config = Configs.small("qwen2");
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
            try (LoadedModel classifier = bench.load(directory, options(Task.SEQ_CLS, 3))) {
                assertThat(Runs.logits(bench, classifier, TOKENS)).hasSize(2 * 3);
                assertThat(classifier.description().architecture()).isEqualTo("Qwen2ForSequenceClassification");
                assertThat(classifier.weights().all().stream()
                                .filter(Weight::fresh)
                                .map(Weight::name))
                        .containsExactly("score.weight");
            }
            try (LoadedModel classifier = bench.load(directory, options(Task.TOKEN_CLS, 3))) {
                assertThat(Runs.logits(bench, classifier, TOKENS)).hasSize(2 * 4 * 3);
            }
        }
    }

    @Test
    void eachFamilyHasTheBiasesAndNormsOfItsOwn() {
        try (Bench bench = new Bench();
                LoadedModel llama = bench.random(Configs.small("llama"), Task.CAUSAL_LM, 0, 1);
                LoadedModel biased = bench.random(
                        Configs.small("llama", "attention_bias", true, "mlp_bias", true), Task.CAUSAL_LM, 0, 1);
                LoadedModel qwen2 = bench.random(Configs.small("qwen2"), Task.CAUSAL_LM, 0, 1);
                LoadedModel qwen3 = bench.random(Configs.small("qwen3"), Task.CAUSAL_LM, 0, 1)) {
            assertThat(biases(llama)).isEmpty();
            assertThat(biases(biased))
                    .containsExactly("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
            assertThat(biases(qwen2)).containsExactly("q_proj", "k_proj", "v_proj");
            assertThat(biases(qwen3)).isEmpty();
            assertThat(qwen3.view().site("model.layers.0.self_attn.q_norm", NormSite.class))
                    .isPresent();
            assertThat(qwen2.view().site("model.layers.0.self_attn.q_norm", NormSite.class))
                    .isEmpty();
            assertThat(qwen3.description().headSize()).isEqualTo(128);
        }
    }

    @Test
    void everyActivationRuns() {
        for (String activation : List.of("silu", "gelu", "gelu_pytorch_tanh", "relu")) {
            try (Bench bench = new Bench();
                    LoadedModel model =
                            bench.random(Configs.small("llama", "hidden_act", activation), Task.CAUSAL_LM, 0, 1)) {
                assertThat(Runs.logits(bench, model, TOKENS))
                        .as(activation)
                        .hasSize(2 * 4 * 32)
                        .doesNotContain(Float.NaN);
            }
        }
    }

    @Test
    void layersWithRotaryPositionsOfTheirOwnDifferFromLayersThatShareThem() {
        Map<String, Object> plain = Map.of("rope_type", "default", "rope_theta", 10_000.0);
        Map<String, Object> stretched = Map.of("rope_type", "linear", "factor", 4.0, "rope_theta", 10_000.0);
        try (Bench bench = new Bench();
                LoadedModel shared = bench.random(sliding(plain), Task.CAUSAL_LM, 0, 1);
                LoadedModel nested = bench.random(
                        sliding(Map.of("full_attention", plain, "sliding_attention", plain)), Task.CAUSAL_LM, 0, 1);
                LoadedModel mixed = bench.random(
                        sliding(Map.of("full_attention", plain, "sliding_attention", stretched)),
                        Task.CAUSAL_LM,
                        0,
                        1)) {
            float[] expected = Runs.logits(bench, shared, TOKENS);

            assertThat(Runs.logits(bench, nested, TOKENS)).isEqualTo(expected);
            assertThat(Runs.logits(bench, mixed, TOKENS)).isNotEqualTo(expected);
        }
    }

    @Test
    void attentionDropoutActsInTrainingOnly() {
        try (Bench bench = new Bench();
                LoadedModel model =
                        bench.random(Configs.small("llama", "attention_dropout", 0.5), Task.CAUSAL_LM, 0, 1)) {
            float[] plain = Runs.logits(bench, model, TOKENS);
            float[] dropped = Runs.trainingLogits(bench, model, TOKENS, 1);

            assertThat(dropped).isNotEqualTo(plain);
            assertThat(Runs.trainingLogits(bench, model, TOKENS, 1)).isEqualTo(dropped);
        }
    }

    @Test
    void aMissingTensorIsNamed() {
        CheckpointConfig config = Configs.small("llama");
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config, directory, name -> name.replace("layers.1.mlp.up_proj", "lost"));

            assertThatThrownBy(() -> bench.load(directory, options(Task.CAUSAL_LM, 0)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("model.layers.1.mlp.up_proj.weight");
        }
    }

    @Test
    void aTaskWithoutAHeadIsNamedWithThoseThatHaveOne() {
        try (Bench bench = new Bench()) {
            assertThatThrownBy(() -> bench.random(Configs.small("llama"), Task.MASKED_LM, 0, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("models of type llama have no head for MASKED_LM; they have heads for CAUSAL_LM,"
                            + " SEQ_CLS, TOKEN_CLS and FEATURE_EXTRACTION");
        }
    }

    private static CheckpointConfig sliding(Map<String, Object> rope) {
        return Configs.small(
                "qwen2",
                "use_sliding_window",
                true,
                "sliding_window",
                8,
                "max_window_layers",
                2,
                "rope_parameters",
                rope);
    }

    private static List<String> biases(LoadedModel model) {
        return model.view().sites().stream()
                .filter(site -> site instanceof LinearSite linear && linear.layer() == 0 && linear.bias() != null)
                .map(Site::name)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    private static ModelLoader.Options options(Task task, int labels) {
        return new ModelLoader.Options(DType.FLOAT32, task, labels, false, 0);
    }
}
