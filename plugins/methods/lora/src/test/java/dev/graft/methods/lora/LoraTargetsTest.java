package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.method.Parameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoraTargetsTest {
    private static final String PREFIX = "base_model.model.";

    @Test
    void withoutTargetsQueriesAndValuesAreAdapted() {
        assertThat(adapted(SmallModel.llama(), Map.of()))
                .hasSize(6)
                .allMatch(name -> name.endsWith("self_attn.q_proj") || name.endsWith("self_attn.v_proj"));
        assertThat(adapted(SmallModel.gpt2(), Map.of()))
                .containsExactly("transformer.h.0.attn.c_attn", "transformer.h.1.attn.c_attn");
        assertThat(adapted(SmallModel.bertClassifier(), Map.of()))
                .hasSize(4)
                .allMatch(name -> name.endsWith("self.query") || name.endsWith("self.value"));
    }

    @Test
    void aListNamesWholePathsOrTheirEnds() {
        assertThat(adapted(
                        SmallModel.llama(),
                        Map.of("target_modules", List.of("mlp.up_proj", "model.layers.1.self_attn.q_proj"))))
                .containsExactly(
                        "model.layers.0.mlp.up_proj",
                        "model.layers.1.self_attn.q_proj",
                        "model.layers.1.mlp.up_proj",
                        "model.layers.2.mlp.up_proj");
    }

    @Test
    void aNameIsNoEndOfAWord() {
        assertThat(adapted(SmallModel.gpt2(), Map.of("target_modules", List.of("c_proj", "attn"))))
                .containsExactly(
                        "transformer.h.0.attn.c_proj",
                        "transformer.h.0.mlp.c_proj",
                        "transformer.h.1.attn.c_proj",
                        "transformer.h.1.mlp.c_proj");
    }

    @Test
    void aStringIsARegularExpressionForWholePaths() {
        assertThat(adapted(SmallModel.llama(), Map.of("target_modules", ".*\\.[02]\\..*(k_proj|down_proj)")))
                .containsExactly(
                        "model.layers.0.self_attn.k_proj",
                        "model.layers.0.mlp.down_proj",
                        "model.layers.2.self_attn.k_proj",
                        "model.layers.2.mlp.down_proj");
    }

    @Test
    void allLinearLeavesTheHeadOut() {
        assertThat(adapted(SmallModel.llama(), Map.of("target_modules", "all-linear")))
                .hasSize(3 * 7)
                .doesNotContain("lm_head");
        assertThat(adapted(SmallModel.gpt2(), Map.of("target_modules", "all-linear")))
                .hasSize(2 * 4);
        assertThat(adapted(SmallModel.bertClassifier(), Map.of("target_modules", "all-linear")))
                .hasSize(2 * 6 + 1)
                .contains("bert.pooler.dense")
                .doesNotContain("classifier");
    }

    @Test
    void excludedModulesAreNotAdapted() {
        assertThat(adapted(
                        SmallModel.llama(),
                        Map.of(
                                "target_modules", List.of("q_proj", "v_proj"),
                                "exclude_modules", List.of("v_proj", "layers.1.self_attn.q_proj"))))
                .containsExactly("model.layers.0.self_attn.q_proj", "model.layers.2.self_attn.q_proj");
        assertThat(adapted(
                        SmallModel.llama(), Map.of("target_modules", "all-linear", "exclude_modules", ".*\\.mlp\\..*")))
                .hasSize(3 * 4)
                .noneMatch(name -> name.contains("mlp"));
    }

    @Test
    void blocksMayBeLimited() {
        assertThat(adapted(
                        SmallModel.llama(),
                        Map.of("target_modules", List.of("q_proj"), "layers_to_transform", List.of(0, 2))))
                .containsExactly("model.layers.0.self_attn.q_proj", "model.layers.2.self_attn.q_proj");
        assertThat(adapted(
                        SmallModel.gpt2(),
                        Map.of(
                                "target_modules", List.of("c_fc"),
                                "layers_to_transform", List.of(1),
                                "layers_pattern", "h")))
                .containsExactly("transformer.h.1.mlp.c_fc");
    }

    @Test
    void whatIsTrainedInFullIsNotAdapted() {
        assertThat(adapted(
                        SmallModel.llama(),
                        Map.of(
                                "target_modules", List.of("q_proj", "down_proj"),
                                "modules_to_save", List.of("mlp"))))
                .hasSize(3)
                .allMatch(name -> name.endsWith("q_proj"));
    }

    @Test
    void tablesAreAdaptedLikeLayers() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, Map.of("r", 3, "target_modules", List.of("embed_tokens")));
            assertThat(shapes(adapter))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "model.embed_tokens.lora_embedding_A", "[3, 32]",
                            "model.embed_tokens.lora_embedding_B", "[16, 3]"));
            adapter.release();
        }
    }

    @Test
    void singleLayersHaveRanksOfTheirOwn() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attach(
                    model,
                    Map.of(
                            "r", 4,
                            "target_modules", List.of("q_proj", "v_proj"),
                            "rank_pattern", Map.of("layers\\.1\\.self_attn\\.(q|v)_proj", 2)));
            Map<String, String> shapes = shapes(adapter);

            assertThat(shapes.get("model.layers.0.self_attn.q_proj.lora_A.weight"))
                    .isEqualTo("[4, 16]");
            assertThat(shapes.get("model.layers.1.self_attn.q_proj.lora_A.weight"))
                    .isEqualTo("[2, 16]");
            assertThat(shapes.get("model.layers.1.self_attn.v_proj.lora_B.weight"))
                    .isEqualTo("[8, 2]");
            adapter.release();
        }
    }

    @Test
    void theScalingIsAlphaOverTheRankOrItsRoot() {
        Map<String, Object> keys = Map.of(
                "r", 4, "lora_alpha", 6, "rank_pattern", Map.of("v_proj", 9), "alpha_pattern", Map.of("up_proj", 2));
        assertThat(LORA.bind(keys).scaling("model.layers.0.self_attn.q_proj")).isEqualTo(6.0 / 4);
        assertThat(LORA.bind(keys).scaling("model.layers.0.self_attn.v_proj")).isEqualTo(6.0 / 9);
        assertThat(LORA.bind(keys).scaling("model.layers.0.mlp.up_proj")).isEqualTo(2.0 / 4);

        Map<String, Object> stabilised = new HashMap<>(keys);
        stabilised.put("use_rslora", true);
        assertThat(LORA.bind(stabilised).scaling("model.layers.0.self_attn.v_proj"))
                .isEqualTo(6.0 / 3);
    }

    @Test
    void theNumberOfParametersIsTheRankTimesInputsAndOutputs() {
        assertThat(parameters(Map.of("r", 5, "target_modules", "all-linear")))
                .isEqualTo(3L * 5 * (2 * (16 + 16) + 2 * (16 + 8) + 3 * (16 + 24)));
        assertThat(parameters(Map.of("r", 5, "target_modules", List.of("k_proj"), "use_dora", true)))
                .isEqualTo(3L * (5 * (16 + 8) + 8));
        assertThat(parameters(Map.of("r", 5, "target_modules", List.of("k_proj"), "lora_bias", true)))
                .isEqualTo(3L * (5 * (16 + 8) + 8));
        assertThat(parameters(Map.of("r", 5, "target_modules", List.of("embed_tokens", "lm_head"))))
                .isEqualTo(2L * 5 * (16 + 32));
    }

    private static long parameters(Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, keys);
            long elements = adapter.attachment().parameters().stream()
                    .mapToLong(parameter -> parameter.tensor().shape().elements())
                    .sum();
            adapter.release();
            return elements;
        }
    }

    private static Map<String, String> shapes(AttachedAdapter adapter) {
        Map<String, String> shapes = new HashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            shapes.put(
                    parameter.name().substring(PREFIX.length()),
                    parameter.tensor().shape().toString());
        }
        return shapes;
    }

    private static List<String> adapted(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, keys);
            List<String> names = adapter.attachment().parameters().stream()
                    .map(Parameter::name)
                    .filter(name -> name.endsWith(".lora_A.weight"))
                    .map(name -> name.substring(PREFIX.length(), name.length() - ".lora_A.weight".length()))
                    .toList();
            adapter.release();
            return names;
        }
    }
}
