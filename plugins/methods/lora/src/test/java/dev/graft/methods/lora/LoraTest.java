package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.GradientChecks;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});

    /** A trained copy of a frozen weight may be multiplied in another order, and what is taken off leaves a rounding. */
    private static final Offset<Float> ROUNDING = within(1e-5f);

    @TempDir
    private Path directory;

    @Test
    void aFreshAdapterChangesNothing() {
        changesNothingWhenFresh(SmallModel.llama(), Variants.llama());
        changesNothingWhenFresh(SmallModel.gpt2(), Variants.gpt2());
        changesNothingWhenFresh(SmallModel.bertClassifier(), Variants.bert());
    }

    private static void changesNothingWhenFresh(SmallModel small, Map<String, Map<String, Object>> variants) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            float[] base = Runs.logits(bench, model, TOKENS);
            variants.forEach((name, keys) -> {
                AttachedAdapter adapter = LORA.attach(model, keys);
                assertThat(Runs.logits(bench, model, TOKENS, adapter)).as(name).containsExactly(base, ROUNDING);
                adapter.release();
            });
        }
    }

    @Test
    void plainUpdatesOfAFreshAdapterAreZeroToTheBit() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, Map.of("target_modules", "all-linear"));
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).isEqualTo(Runs.logits(bench, model, TOKENS));
            adapter.release();
        }
    }

    @Test
    void whatIsMovedChangesTheLogitsAndNeverTheBase() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            float[] base = Runs.logits(bench, model, TOKENS);
            Variants.llama().forEach((name, keys) -> {
                AttachedAdapter adapter = LORA.attachMoved(bench, model, keys);
                assertThat(Runs.logits(bench, model, TOKENS, adapter)).as(name).isNotEqualTo(base);
                adapter.release();
                assertThat(Runs.logits(bench, model, TOKENS)).as(name).isEqualTo(base);
            });
        }
    }

    @Test
    void aLayerComputesWhatTheFormulaSays() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = LORA.attachMoved(
                    bench, model, Map.of("r", 2, "lora_alpha", 6, "target_modules", List.of("lm_head")));
            float[] base = Runs.logits(bench, model, TOKENS);
            float[] a = values(adapter, "lm_head.lora_A.weight");
            float[] b = values(adapter, "lm_head.lora_B.weight");
            float[] x = hidden(bench, model);
            float[] expected = base.clone();
            int width = a.length / 2;
            for (int token = 0; token < x.length / width; token++) {
                for (int out = 0; out < SmallModel.VOCABULARY; out++) {
                    double sum = 0;
                    for (int r = 0; r < 2; r++) {
                        for (int in = 0; in < width; in++) {
                            sum += b[out * 2 + r] * a[r * width + in] * x[token * width + in];
                        }
                    }
                    expected[token * SmallModel.VOCABULARY + out] += (float) (6.0 / 2 * sum);
                }
            }
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).containsExactly(expected, within(1e-4f));
            adapter.release();
        }
    }

    private static float[] hidden(Bench bench, LoadedModel model) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(
                            bench.input(TOKENS.ids(), TOKENS.mask()), RowAssignment.base(), PassOptions.inference())
                    .hidden()
                    .floats();
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        gradientsAgree(SmallModel.llama(), Variants.llama());
        gradientsAgree(SmallModel.gpt2(), Variants.gpt2());
        gradientsAgree(SmallModel.bertClassifier(), Variants.bert());
    }

    /** DoRA holds the norms constant in the backward pass, so that its A and B follow no difference. */
    private void gradientsAgree(SmallModel small, Map<String, Map<String, Object>> variants) {
        try (Bench bench = new Bench();
                LoadedModel model = bench.loadDouble(
                        small.write(bench, directory.resolve(small.config().modelType())))) {
            variants.forEach((name, keys) -> {
                AttachedAdapter adapter = MethodChecks.moved(bench, LORA.attach(model, keys, 1, DType.FLOAT64), 1);
                boolean decomposed = keys.containsKey("use_dora");
                for (Parameter parameter : adapter.attachment().parameters()) {
                    boolean direction = parameter.name().contains(".lora_A")
                            || parameter.name().contains(".lora_B")
                            || parameter.name().contains(".lora_embedding_");
                    if (!(decomposed && direction) && !isDeadInTheModel(parameter)) {
                        GradientChecks.gradientAgreesWithDifferences(bench, model, TOKENS, adapter, parameter);
                    }
                }
                adapter.release();
            });
        }
    }

    /** The bias of keys shifts all scores of a query alike, which softmax does not see. */
    private static boolean isDeadInTheModel(Parameter parameter) {
        return parameter.name().contains("self.key.") && parameter.name().endsWith("bias");
    }

    @Test
    void dropoutActsInTrainingAloneAndKeepsTheMean() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Map<String, Object> keys = Map.of("target_modules", List.of("lm_head"));
            AttachedAdapter plain = LORA.attachMoved(bench, model, keys);
            AttachedAdapter dropping =
                    LORA.attachMoved(bench, model, Map.of("target_modules", List.of("lm_head"), "lora_dropout", 0.5));
            float[] expected = Runs.logits(bench, model, TOKENS, plain);

            assertThat(Runs.logits(bench, model, TOKENS, dropping)).isEqualTo(expected);
            assertThat(training(bench, model, plain, 3)).isEqualTo(expected);
            assertThat(training(bench, model, dropping, 3))
                    .isNotEqualTo(expected)
                    .isEqualTo(training(bench, model, dropping, 3))
                    .isNotEqualTo(training(bench, model, dropping, 4));
            double[] mean = new double[expected.length];
            int draws = 2000;
            for (int draw = 0; draw < draws; draw++) {
                float[] logits = training(bench, model, dropping, 100 + draw);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += logits[i] / draws;
                }
            }
            float[] base = Runs.logits(bench, model, TOKENS);
            double change = 0;
            double error = 0;
            for (int i = 0; i < mean.length; i++) {
                change += Math.pow(expected[i] - base[i], 2);
                error += Math.pow(mean[i] - expected[i], 2);
            }
            assertThat(Math.sqrt(error / change)).isLessThan(0.1);
            plain.release();
            dropping.release();
        }
    }

    private static float[] training(Bench bench, LoadedModel model, AttachedAdapter adapter, long seed) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(
                            bench.input(TOKENS.ids(), TOKENS.mask()),
                            RowAssignment.all(List.of(adapter)),
                            PassOptions.training(RandomStream.seeded(seed), false))
                    .logits()
                    .floats();
        }
    }

    @Test
    void aAndBBeginAsAsked() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            double bound = 1 / Math.sqrt(16);
            Map<String, float[]> uniform = begun(model, "true");
            assertThat(largest(uniform.get("A"))).isLessThanOrEqualTo(bound);
            assertThat(deviation(uniform.get("A"))).isCloseTo(bound / Math.sqrt(3), within(0.02));
            assertThat(uniform.get("B")).containsOnly(0f);

            Map<String, float[]> gaussian = begun(model, "gaussian");
            assertThat(deviation(gaussian.get("A"))).isCloseTo(1.0 / 8, within(0.02));
            assertThat(gaussian.get("B")).containsOnly(0f);

            Map<String, float[]> random = begun(model, "false");
            assertThat(deviation(random.get("A"))).isCloseTo(bound / Math.sqrt(3), within(0.02));
            assertThat(largest(random.get("B"))).isLessThanOrEqualTo(1 / Math.sqrt(8));
            assertThat(deviation(random.get("B"))).isCloseTo(1 / Math.sqrt(8 * 3), within(0.04));
        }
    }

    private static Map<String, float[]> begun(LoadedModel model, String how) {
        AttachedAdapter adapter = LORA.attach(model, Map.of("target_modules", "all-linear", "init_lora_weights", how));
        Map<String, float[]> values = Map.of(
                "A", values(adapter, "layers.0.self_attn.q_proj.lora_A.weight"),
                "B", values(adapter, "layers.0.self_attn.q_proj.lora_B.weight"));
        adapter.release();
        return values;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void principalComponentsOfFullRankAreTheWeightItself() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.gpt2())) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench);
                    Scope scope = bench.tensors().scope()) {
                AttachedAdapter adapter = LORA.attach(
                        model,
                        Map.of(
                                "r",
                                16,
                                "lora_alpha",
                                4,
                                "target_modules",
                                List.of("q_proj", "c_attn"),
                                "init_lora_weights",
                                "pissa"));
                LinearSite site =
                        Targets.queriesAndValues(model.view()).findFirst().orElseThrow();
                float[] a = values(adapter, site.name() + ".lora_A.weight");
                float[] b = values(adapter, site.name() + ".lora_B.weight");
                float[] weight = LinearTargets.weight(site).floats();
                for (int out = 0; out < site.outputs(); out++) {
                    for (int in = 0; in < 16; in++) {
                        double sum = 0;
                        for (int r = 0; r < 16; r++) {
                            sum += b[out * 16 + r] * a[r * 16 + in];
                        }
                        assertThat(sum * 4 / 16).isCloseTo(weight[out * 16 + in], within(1e-5));
                    }
                }
                adapter.release();
            }
        }
    }

    @Test
    void biasesAreTrainedByMode() {
        assertThat(biases(Map.of("bias", "none"))).isEmpty();
        assertThat(biases(Map.of("bias", "lora_only")))
                .containsExactly(
                        "base_model.model.transformer.h.0.attn.c_attn.base_layer.bias",
                        "base_model.model.transformer.h.1.attn.c_attn.base_layer.bias");
        assertThat(biases(Map.of("bias", "all")))
                .hasSize(2 * 6 + 1)
                .contains(
                        "base_model.model.transformer.h.0.attn.c_attn.base_layer.bias",
                        "base_model.model.transformer.h.1.mlp.c_fc.bias",
                        "base_model.model.transformer.ln_f.bias");
        assertThat(biases(Map.of("lora_bias", true)))
                .containsExactly(
                        "base_model.model.transformer.h.0.attn.c_attn.lora_B.bias",
                        "base_model.model.transformer.h.1.attn.c_attn.lora_B.bias");
    }

    private static List<String> biases(Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, keys);
            List<String> names = adapter.attachment().parameters().stream()
                    .map(Parameter::name)
                    .filter(name -> name.endsWith("bias"))
                    .toList();
            adapter.release();
            return names;
        }
    }

    @Test
    void aClassifierIsTrainedInFullWhateverElseIs() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertClassifier().random(bench)) {
            AttachedAdapter adapter = LORA.attach(model, Map.of());
            assertThat(adapter.attachment().parameters())
                    .extracting(Parameter::name)
                    .contains("base_model.model.classifier.weight", "base_model.model.classifier.bias");
            adapter.release();
        }
    }

    @Test
    void onlyTheTokensNamedGetOtherVectorsAndScores() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            AttachedAdapter adapter = LORA.attach(
                    model, Map.of("target_modules", List.of("c_fc"), "trainable_token_indices", List.of(7, 30)));
            Parameter rows = adapter.attachment().parameters().stream()
                    .filter(parameter -> parameter.name().endsWith("trainable_tokens_delta"))
                    .findFirst()
                    .orElseThrow();
            bench.engine().addInPlace(adapter.array(rows), adapter.array(rows), 1.0);
            Tokens others = Tokens.of(new long[] {3, 4, 9, 2});
            float[] base = Runs.logits(bench, model, others);
            float[] found = Runs.logits(bench, model, others, adapter);
            for (int i = 0; i < found.length; i++) {
                int token = i % SmallModel.VOCABULARY;
                float factor = token == 7 || token == 30 ? 2 : 1;
                assertThat(found[i]).as("score of token %d", token).isCloseTo(factor * base[i], ROUNDING);
            }
            assertThat(Runs.logits(bench, model, Tokens.of(new long[] {7, 1}), adapter))
                    .isNotEqualTo(Runs.logits(bench, model, Tokens.of(new long[] {7, 1})));
            adapter.release();
        }
    }

    private static float[] values(AttachedAdapter adapter, String ending) {
        return adapter.attachment().parameters().stream()
                .filter(parameter -> parameter.name().endsWith(ending))
                .findFirst()
                .orElseThrow()
                .tensor()
                .floats();
    }

    @Test
    void twoAdaptersOfOneRowAddUp() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Map<String, Object> keys = Map.of("target_modules", List.of("lm_head"));
            AttachedAdapter one = MethodChecks.moved(bench, LORA.attach(model, keys), 1);
            AttachedAdapter other = MethodChecks.moved(bench, LORA.attach(model, keys), 2);
            float[] base = Runs.logits(bench, model, TOKENS);
            float[] first = Runs.logits(bench, model, TOKENS, one);
            float[] second = Runs.logits(bench, model, TOKENS, other);
            float[] both;
            try (Scope scope = bench.tensors().scope()) {
                both = model.forward(
                                bench.input(TOKENS.ids(), TOKENS.mask()),
                                RowAssignment.all(List.of(one, other)),
                                PassOptions.inference())
                        .logits()
                        .floats();
            }
            for (int i = 0; i < both.length; i++) {
                assertThat(both[i]).isCloseTo(first[i] + second[i] - base[i], ROUNDING);
            }
            Stream.of(one, other).forEach(AttachedAdapter::release);
            assertThat(Arrays.equals(first, second)).isFalse();
        }
    }
}
