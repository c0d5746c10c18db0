package dev.graft.methods.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModulesTest {
    @TempDir
    private Path directory;

    @Test
    void aPositiveNumberOfLayersMeansTheLast() {
        assertThat(trained(Task.CAUSAL_LM, Map.of("trainable_layers", 2)))
                .hasSize(2 * 9)
                .allMatch(in("model.layers.2.").or(in("model.layers.3.")));
    }

    @Test
    void aNegativeNumberOfLayersMeansTheFirst() {
        assertThat(trained(Task.CAUSAL_LM, Map.of("trainable_layers", -1)))
                .hasSize(9)
                .allMatch(in("model.layers.0."));
    }

    @Test
    void modulesAreNamedByAnyPartOfTheirPath() {
        assertThat(trained(Task.CAUSAL_LM, Map.of("trainable_modules", List.of("mlp", "norm"))))
                .hasSize(4 * 3 + 1)
                .allMatch(in("model.norm.").or(name -> name.contains(".mlp.")));
        assertThat(trained(Task.CAUSAL_LM, Map.of("trainable_modules", List.of("layers.1.self_attn"))))
                .hasSize(4);
    }

    @Test
    void aStringIsARegularExpressionForWholeNames() {
        assertThat(trained(Task.CAUSAL_LM, Map.of("trainable_modules", ".*layers\\.[01]\\..*q_proj")))
                .containsExactly("model.layers.0.self_attn.q_proj.weight", "model.layers.1.self_attn.q_proj.weight");
    }

    @Test
    void extraModulesLieOutsideTheBlocks() {
        assertThat(trained(
                        Task.CAUSAL_LM,
                        Map.of(
                                "trainable_layers", 1,
                                "trainable_modules", List.of("q_proj"),
                                "extra_modules", List.of("embed_tokens", "lm_head"))))
                .containsExactly(
                        "model.embed_tokens.weight", "model.layers.3.self_attn.q_proj.weight", "lm_head.weight");
    }

    @Test
    void theHeadMayLearnAlone() {
        assertThat(trained(Task.CAUSAL_LM, Map.of("head_only", true))).containsExactly("lm_head.weight");
        assertThat(trained(Task.SEQ_CLS, Map.of("head_only", true))).containsExactly("score.weight");
    }

    @Test
    void aClassifierAlwaysLearns() {
        assertThat(trained(Task.SEQ_CLS, Map.of("trainable_layers", 1, "trainable_modules", List.of("down_proj"))))
                .containsExactly("model.layers.3.mlp.down_proj.weight", "score.weight");
    }

    @Test
    void weightDecayLeavesNormsAlone() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory))) {
            AttachedAdapter adapter = Small.FULL.attach(model, Map.of());
            assertThat(adapter.attachment().parameters())
                    .allMatch(parameter ->
                            parameter.spec().decay() != parameter.name().contains("norm"));
            adapter.release();
        }
    }

    @Test
    void mistakesAreNamedWithWhatIsAllowed() {
        assertRefused(
                Map.of("trainable_layers", 5),
                "trainable_layers is 5; it must lie between 1 and 4, or between -4 and -1");
        assertRefused(
                Map.of("trainable_modules", List.of("attn")),
                "trainable_modules 'attn' matches no module of this model; its modules are called [down_proj,"
                        + " embed_tokens, gate_proj, input_layernorm, k_proj, lm_head, mlp, norm, o_proj,"
                        + " post_attention_layernorm, q_proj, self_attn, up_proj, v_proj]");
        assertRefused(
                Map.of("head_only", true, "trainable_layers", 1),
                "head_only cannot be combined with trainable_layers, trainable_modules or extra_modules");
        assertRefused(
                Map.of("extra_modules", List.of("norm")),
                "extra_modules needs trainable_layers; without it, add the modules to trainable_modules");
        assertRefused(
                Map.of("trainable_layers", 1, "trainable_modules", List.of("lm_head")),
                "trainable_layers and trainable_modules leave nothing to learn: no module fits both");
    }

    private void assertRefused(Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory))) {
            assertThatThrownBy(() -> Small.FULL.attach(model, keys))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(message);
        }
    }

    private List<String> trained(Task task, Map<String, Object> keys) {
        ModelLoader.Options options = new ModelLoader.Options(DType.FLOAT32, task, 3, false, 0);
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(Small.decoder(false).write(bench, directory), options)) {
            AttachedAdapter adapter = Small.FULL.attach(model, keys);
            List<String> names = adapter.attachment().parameters().stream()
                    .map(parameter -> parameter.name().substring("base_model.model.".length()))
                    .toList();
            adapter.release();
            return names;
        }
    }

    private static Predicate<String> in(String prefix) {
        return name -> name.startsWith(prefix);
    }
}
