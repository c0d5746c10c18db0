package dev.graft.methods.bitfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class BitFitTest {
    private static final BitFitProvider BITFIT = new BitFitProvider();

    /** The bias of keys shifts all scores of a query alike, which softmax does not see. */
    private static final String KEYS = "(k_proj|self\\.key)\\.bias";

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(
                        MethodChecks.of(BITFIT, SmallModel.bertClassifier(), Map.of())
                                .withoutGradient(KEYS),
                        MethodChecks.of(
                                BITFIT,
                                SmallModel.bertClassifier(),
                                Map.of("biases", "query-and-second-mlp", "train_head", false)),
                        MethodChecks.of(BITFIT, SmallModel.bertMasked(), Map.of("biases", List.of("dense", "decoder"))),
                        MethodChecks.of(BITFIT, SmallModel.gpt2(), Map.of()),
                        MethodChecks.of(BITFIT, SmallModel.qwen2(), Map.of("biases", List.of("q_proj", "v_proj"))),
                        MethodChecks.of(BITFIT, SmallModel.llama(), Map.of("biases", List.of("o_proj", "up_proj"))),
                        MethodChecks.of(BITFIT, SmallModel.llama(), Map.of("inject", "linear_and_norms"))
                                .withoutGradient("k_proj.bias")
                                .refusingToMerge("for which checkpoints of LlamaForCausalLM have no place"))
                .map(checks -> checks.tests(directory));
    }

    @TestFactory
    Stream<DynamicTest> itTrainsAsTheReferenceDoes() {
        return ReferenceTests.adapters(BITFIT, "objectives");
    }

    @Test
    void everyBiasLearnsThoseOfNormsIncluded() {
        assertThat(learned(SmallModel.bertClassifier(), Map.of("train_head", false)))
                .hasSize(1 + 2 * 8 + 1)
                .allMatch(name -> name.endsWith(".bias"))
                .contains(
                        "base_model.model.bert.embeddings.LayerNorm.bias",
                        "base_model.model.bert.encoder.layer.1.output.LayerNorm.bias",
                        "base_model.model.bert.pooler.dense.bias")
                .doesNotContain("base_model.model.classifier.bias");
    }

    @Test
    void thePapersSmallerChoiceIsQueriesAndTheWideningOfTheFeedForwardLayer() {
        assertThat(learned(SmallModel.bertClassifier(), Map.of("biases", "query-and-second-mlp", "train_head", false)))
                .containsExactly(
                        "base_model.model.bert.encoder.layer.0.attention.self.query.bias",
                        "base_model.model.bert.encoder.layer.0.intermediate.dense.bias",
                        "base_model.model.bert.encoder.layer.1.attention.self.query.bias",
                        "base_model.model.bert.encoder.layer.1.intermediate.dense.bias");
    }

    @Test
    void biasesAreBroughtInWhereTheChosenLayersHaveNone() {
        assertThat(learned(SmallModel.llama(), Map.of()))
                .hasSize(3 * 7)
                .contains("base_model.model.model.layers.2.mlp.down_proj.bias");
        assertThat(learned(SmallModel.llama(), Map.of("inject", "linear_and_norms")))
                .hasSize(3 * 9 + 1)
                .contains("base_model.model.model.norm.bias");
        assertThat(learned(SmallModel.llama(), Map.of("biases", List.of("lm_head"))))
                .containsExactly("base_model.model.lm_head.bias");
        assertThat(learned(SmallModel.qwen2(), Map.of())).hasSize(2 * 3);
        assertThat(learned(SmallModel.qwen2(), Map.of("inject", "linear"))).hasSize(2 * 7);
        assertThat(learned(SmallModel.qwen2(), Map.of("biases", List.of("down_proj"))))
                .hasSize(2);
    }

    @Test
    void mistakesAreNamed() {
        assertRefused(
                SmallModel.llama(),
                Map.of("inject", "none"),
                "none of the layers that biases (left out) matches has a bias, and inject is none; linear and"
                        + " linear_and_norms bring biases in");
        assertRefused(
                SmallModel.bertClassifier(),
                Map.of("biases", List.of("q_proj")),
                "biases [q_proj] matches no layer or norm of this model; they are called [LayerNorm, classifier, dense,"
                        + " key, query, value]");
        assertRefused(
                SmallModel.gpt2(),
                Map.of("biases", "query-and-second-mlp"),
                "no layer of this model computes queries alone");
        assertRefused(
                SmallModel.gpt2(), Map.of("biases", "(*"), "biases holds '(*', which is not a regular expression");
        assertRefused(SmallModel.gpt2(), Map.of("inject", "everywhere"), "everywhere");
        assertRefused(SmallModel.gpt2(), Map.of("bias", "all"), "bias");
    }

    private static List<String> learned(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = MethodChecks.of(BITFIT, small, keys).attach(model, 1);
            List<String> names = adapter.attachment().parameters().stream()
                    .map(Parameter::name)
                    .toList();
            adapter.release();
            return names;
        }
    }

    private static void assertRefused(SmallModel small, Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            assertThatThrownBy(() -> MethodChecks.of(BITFIT, small, keys).attach(model, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }
}
