package dev.graft.methods.adapterfusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.GradientChecks;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.Part;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusionTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});

    @TempDir
    private Path directory;

    @Test
    void gradientsEqualFiniteDifferences() {
        gradients(SmallModel.llama(), Map.of());
        gradients(SmallModel.bertClassifier(), Map.of("residual_before", true, "value_before_softmax", false));
    }

    /** A key's bias adds the same to the scores of all adapters, which the softmax takes off again. */
    private void gradients(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = bench.loadDouble(
                        small.write(bench, directory.resolve(small.config().modelType())))) {
            AttachedAdapter fusion = new FusedAdapters(bench, model, FusedAdapters.TWO, DType.FLOAT64).moved(keys, 1);
            fusion.attachment().parameters().stream()
                    .filter(parameter -> !parameter.name().endsWith("key.bias"))
                    .forEach(parameter ->
                            GradientChecks.gradientAgreesWithDifferences(bench, model, TOKENS, fusion, parameter));
            fusion.release();
        }
    }

    @Test
    void onlyTheFusionLearnsAndAsManyElementsAsTheFormulaSays() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.gpt2(), SmallModel.bertClassifier())) {
            for (String kind : List.of("dynamic", "static")) {
                try (Bench bench = new Bench();
                        LoadedModel model = small.random(bench)) {
                    AttachedAdapter fusion = FusedAdapters.of(bench, model).fresh(Map.of("kind", kind), 1);
                    long formula = new FusionProvider().trainableParameters(model.view(), bind(Map.of("kind", kind)));
                    assertThat(new TrainedParameters(List.of(fusion)).elements())
                            .isEqualTo(formula)
                            .isPositive();
                    assertThat(fusion.parts())
                            .extracting(AttachedAdapter::learns)
                            .containsOnly(false);
                    fusion.release();
                }
            }
        }
    }

    @Test
    void adaptersAfterBothSublayersAreMixedAndCountedAtBoth() {
        List<Map<String, Object>> parts =
                List.of(Map.of("kind", "houlsby", "reduction_factor", 4), Map.of("reduction_factor", 2));
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter fusion =
                    new FusedAdapters(bench, model, parts, DType.FLOAT32).fresh(Map.of("kind", "dynamic"), 1);
            List<Part> frozen = fusion.parts().stream()
                    .map(part -> new Part(part.name(), part.method(), part.attachment()))
                    .toList();
            FusionProvider provider = new FusionProvider();
            FusionConfig config = bind(Map.of("kind", "dynamic"));
            assertThat(provider.trainableParameters(model.view(), config, frozen))
                    .isEqualTo(new TrainedParameters(List.of(fusion)).elements())
                    .isEqualTo(2 * provider.trainableParameters(model.view(), config));
            fusion.release();
        }
    }

    @Test
    void aReleasedFusionLeavesNothingAndTheBaseAndThePartsAsTheyWere() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            float[] base = Runs.logits(bench, model, TOKENS);
            long before = bench.engine().liveArrays();
            AttachedAdapter fusion = FusedAdapters.of(bench, model).fresh(Map.of("temperature", true), 1);
            List<float[]> parts = partValues(fusion);
            try (MethodTraining training = new MethodTraining(bench, model, fusion)) {
                training.steps(3);
            }
            assertThat(partValues(fusion)).usingRecursiveComparison().isEqualTo(parts);
            assertThat(Runs.logits(bench, model, TOKENS, fusion)).isNotEqualTo(base);
            fusion.release();
            assertThat(bench.engine().liveArrays()).isEqualTo(before);
            assertThat(Runs.logits(bench, model, TOKENS)).isEqualTo(base);
        }
    }

    private static List<float[]> partValues(AttachedAdapter fusion) {
        return fusion.parts().stream()
                .flatMap(part -> part.attachment().parameters().stream())
                .map(parameter -> parameter.tensor().floats())
                .toList();
    }

    @Test
    void rowsOfAMixedBatchGiveWhatTheyGiveAlone() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.bertClassifier())) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench)) {
                AttachedAdapter fusion = FusedAdapters.of(bench, model).moved(Map.of(), 1);
                AttachedAdapter other = new FusedAdapters(
                                bench,
                                model,
                                List.of(Map.of("kind", "houlsby"), Map.of("kind", "houlsby"), Map.of()),
                                DType.FLOAT32)
                        .moved(Map.of("kind", "static"), 2);
                MixedRows rows = MixedRows.random(
                        List.of(List.of(fusion), List.of(), List.of(other), fusion.parts(), List.of(fusion)), 4);
                rows.giveInOnePassWhatTheyGiveAlone(bench, model);
                if (small.config().modelType().equals("llama")) {
                    rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
                }
                other.release();
                fusion.release();
            }
        }
    }

    @Test
    void aFusionOfOneAdapterThatBeginsAsTheIdentityIsThatAdapter() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            for (Map<String, Object> part : List.<Map<String, Object>>of(
                    Map.of(), Map.of("kind", "parallel"), Map.of("residual_before_ln", false))) {
                AttachedAdapter fusion =
                        new FusedAdapters(bench, model, List.of(part), DType.FLOAT32).fresh(Map.of(), 1);
                assertThat(Runs.logits(bench, model, TOKENS, fusion))
                        .containsExactly(
                                Runs.logits(bench, model, TOKENS, fusion.parts().get(0)), within(1e-4f))
                        .isNotEqualTo(Runs.logits(bench, model, TOKENS));
                fusion.release();
            }
        }
    }

    @Test
    void theRegulariserIsTheSquaredDistanceOfTheValueMatricesFromTheIdentity() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench);
                Scope scope = bench.tensors().scope()) {
            AttachedAdapter fusion = FusedAdapters.of(bench, model).moved(Map.of("reg_weight", 0.5), 1);
            double expected = 0;
            for (Parameter parameter : fusion.attachment().parameters()) {
                if (parameter.name().endsWith("value.weight")) {
                    float[] values = parameter.tensor().floats();
                    for (int i = 0; i < values.length; i++) {
                        expected += Math.pow(values[i] - (i % 17 == 0 ? 1 : 0), 2) / 2;
                    }
                }
            }
            assertThat(fusion.attachment().penalty(null).orElseThrow().item())
                    .isCloseTo(expected, within(1e-4 * expected));
            fusion.release();
            for (Map<String, Object> without : List.<Map<String, Object>>of(
                    Map.of("kind", "static"), Map.of("regularization", false), Map.of("reg_weight", 0))) {
                AttachedAdapter free = FusedAdapters.of(bench, model).fresh(without, 1);
                assertThat(free.attachment().penalty(null)).isEmpty();
                free.release();
            }
        }
    }

    @Test
    void aFusionIsNotMerged() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter fusion = FusedAdapters.of(bench, model).fresh(Map.of(), 1);
            assertThatThrownBy(() -> fusion.attachment().merge())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("adapters of method 'adapter-fusion' cannot be merged");
            fusion.release();
        }
    }

    @Test
    void mistakesGiveOneSentence() {
        assertThatThrownBy(() -> bind(Map.of("key", false, "query", false, "value", false)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key, query and value are all false");
        assertThatThrownBy(() -> bind(Map.of("kind", "mixed"))).isInstanceOf(ConfigurationException.class);
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            FusedAdapters nothing = new FusedAdapters(bench, model, List.of(), DType.FLOAT32);
            assertThatThrownBy(() -> nothing.fresh(Map.of(), 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("a fusion mixes adapters: name their directories under parts");
        }
    }

    private static FusionConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(FusionConfig.class, keys, "methods[0]");
    }
}
