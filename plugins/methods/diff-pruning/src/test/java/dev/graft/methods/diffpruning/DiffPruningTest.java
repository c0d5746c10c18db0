package dev.graft.methods.diffpruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffPruningTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 8, 11, 1});

    /** Adding a difference of zero, or a change to single elements, makes a weight that is multiplied in another order. */
    private static final Offset<Float> ROUNDING = within(2e-5f);

    /** Elements of the three blocks' linear layers. */
    private static final int TARGETED = 3 * (2 * 16 * 16 + 2 * 8 * 16 + 3 * 16 * 24);

    @TempDir
    private Path directory;

    /** Twenty steps with gates of the hundred that a training of the tests has, then eighty without. */
    private static Map<String, Object> keys(boolean structured, double density) {
        return new HashMap<>(Map.of(
                "structured",
                structured,
                "density",
                density,
                "fixmask_fraction",
                0.8,
                "alpha_init",
                2,
                "penalty",
                1e-5));
    }

    private static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        DiffPruningConfig config = ConfigurationBinder.bind(DiffPruningConfig.class, keys, "methods[0]");
        return AdapterBuilder.attach(model, new DiffPruningProvider(), config, AdapterBuilder.Setting.fresh("diff", 1));
    }

    @Test
    void aDenseDifferenceStandsWhatEveryMethodMust() {
        stands(SmallModel.llama(), true);
        stands(SmallModel.gpt2(), false);
        stands(SmallModel.bertClassifier(), true);
    }

    private void stands(SmallModel small, boolean structured) {
        Map<String, Object> keys = Map.of("structured", structured, "density", 0.05, "alpha_init", 0.8);
        MethodChecks<DiffPruningConfig> checks =
                MethodChecks.of(new DiffPruningProvider(), small, keys).withoutGradient("^values$");
        Path own = directory.resolve(small.toString());
        checks.gradientsEqualDifferences(own.resolve("gradients"));
        checks.theBaseStaysAsItWas(own.resolve("base"));
        checks.aReleasedAdapterLeavesNothing(own.resolve("released"));
        checks.learnsWhatTheFormulaSays(own.resolve("formula"));
        checks.mixedRows(own.resolve("mixed"));
        checks.aFreshAdapterChangesNothing(own.resolve("fresh"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDifferenceIsCutToTheDensityAskedForAndLearnsOnWithoutGates(boolean structured) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = attach(model, keys(structured, 0.05));
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                double first = training.steps(1);
                assertThat(training.steps(18)).isLessThan(first);
                assertThat(differing(bench, model, adapter)).isGreaterThan(TARGETED / 2);
                training.steps(1);
                assertThat(differing(bench, model, adapter)).isEqualTo(Math.round(0.05 * TARGETED));
                List<float[]> gatesAtTheCut = runOnly(adapter);
                double cut = training.steps(1);
                assertThat(training.steps(40)).isLessThan(cut);
                assertThat(differing(bench, model, adapter)).isEqualTo(Math.round(0.05 * TARGETED));
                assertThat(runOnly(adapter)).usingRecursiveComparison().isEqualTo(gatesAtTheCut);
            }
            adapter.release();
        }
    }

    @Test
    void theCutKeepsTheLargestElementsWithTheirValues() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = attach(model, keys(true, 0.03));
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(20);
            }
            List<Float> all = new ArrayList<>();
            settled(bench, adapter).forEach(values -> {
                for (float value : values) {
                    all.add(Math.abs(value));
                }
            });
            float[] kept = adapter.attachment().parameters().get(0).tensor().floats();
            List<Float> sizes = new ArrayList<>();
            for (float value : kept) {
                sizes.add(Math.abs(value));
            }

            assertThat(sizes.stream().sorted().toList())
                    .isEqualTo(all.stream().sorted().toList().subList(all.size() - kept.length, all.size()));
            adapter.release();
        }
    }

    @Test
    void thePenaltyIsTheExpectedNumberOfElementsThatDifferAndEndsWithTheGates() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            for (boolean structured : new boolean[] {true, false}) {
                AttachedAdapter adapter = attach(model, keys(structured, 0.05));
                double open = 1 / (1 + Math.exp(-2));
                try (Scope scope = bench.tensors().scope()) {
                    assertThat(adapter.attachment().penalty(null).orElseThrow().item())
                            .isCloseTo(1e-5 * TARGETED * (structured ? open * open : open), within(1e-6));
                }
                try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                    training.steps(20);
                }
                assertThat(adapter.attachment().penalty(null)).isEmpty();
                adapter.release();
            }
        }
    }

    @Test
    void aStrongPenaltyClosesGates() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Map<String, Object> keys = keys(false, 0.05);
            keys.put("penalty", 0.1);
            AttachedAdapter adapter = attach(model, keys);
            try (MethodTraining training = new MethodTraining(bench, model, adapter);
                    Scope scope = bench.tensors().scope()) {
                double before = adapter.attachment().penalty(null).orElseThrow().item();
                training.steps(15);
                assertThat(adapter.attachment().penalty(null).orElseThrow().item())
                        .isLessThan(0.97 * before);
            }
            adapter.release();
        }
    }

    @Test
    void gatesAreDrawnAnewInTrainingAndSettledOtherwise() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = MethodChecks.moved(bench, attach(model, keys(true, 0.05)), 1);
            assertThat(logits(bench, model, adapter, training(1)))
                    .isNotEqualTo(logits(bench, model, adapter, training(2)));
            assertThat(logits(bench, model, adapter, training(1)))
                    .isEqualTo(logits(bench, model, adapter, training(1)));
            assertThat(Runs.logits(bench, model, TOKENS, adapter))
                    .isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
            adapter.release();
        }
    }

    @Test
    void recomputedBlocksDrawTheSameGates() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = MethodChecks.moved(bench, attach(model, keys(true, 0.05)), 1);
            List<float[]> kept = gradients(bench, model, adapter, false);

            assertThat(gradients(bench, model, adapter, true))
                    .usingRecursiveComparison()
                    .isEqualTo(kept);
            assertThat(kept).hasSizeGreaterThan(60);
            adapter.release();
        }
    }

    @Test
    void theFilesHoldTheSparseDifferenceAloneAndTrainingGoesOnFromThem() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.bertClassifier().write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = attach(model, keys(true, 0.02));
            Path saved = directory.resolve("adapter");
            AdapterLoader loader = new AdapterLoader(bench.registry());
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(24);
                loader.save(saved, "base", model, List.of(adapter));
                AttachedAdapter again = loader.load(saved, model).get(0);
                assertThat(Runs.logits(bench, model, TOKENS, again))
                        .isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
                try (MethodTraining resumed = new MethodTraining(bench, model, again).resumedFrom(training)) {
                    assertThat(resumed.steps(4)).isEqualTo(training.steps(4));
                }
                assertThat(Runs.logits(bench, model, TOKENS, again))
                        .isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
                again.release();
            }
            assertThat(JsonFile.read(saved.resolve("adapter_config.json")))
                    .containsEntry("peft_type", "GRAFT_DIFF_PRUNING")
                    .containsEntry("density", 0.02);
            try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
                assertThat(file.contents().keySet())
                        .contains("base_model.model.classifier.weight", "base_model.model.classifier.bias")
                        .allMatch(name -> name.contains("classifier")
                                || name.endsWith(".weight.indices")
                                || name.endsWith(".weight.values"));
            }
            adapter.release();
        }
    }

    @Test
    void whatIsSavedBeforeTheCutIsWhatItWouldLeave() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.llama().write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = MethodChecks.moved(bench, attach(model, keys(true, 1)), 1);
            AttachedAdapter thin = attach(model, keys(true, 0.05));
            try (MethodTraining training = new MethodTraining(bench, model, thin)) {
                training.steps(5);
            }
            AdapterLoader loader = new AdapterLoader(bench.registry());
            loader.save(directory.resolve("whole"), "base", model, List.of(adapter));
            loader.save(directory.resolve("thin"), "base", model, List.of(thin));
            AttachedAdapter whole =
                    loader.load(directory.resolve("whole"), model).get(0);
            AttachedAdapter left = loader.load(directory.resolve("thin"), model).get(0);

            assertThat(Runs.logits(bench, model, TOKENS, whole))
                    .containsExactly(Runs.logits(bench, model, TOKENS, adapter), ROUNDING);
            assertThat(differing(bench, model, left)).isEqualTo(Math.round(0.05 * TARGETED));
            assertThat(new TrainedParameters(List.of(left)).elements()).isEqualTo(Math.round(0.05 * TARGETED));
            List.of(adapter, thin, whole, left).forEach(AttachedAdapter::release);
        }
    }

    @Test
    void rowsOfAMixedBatchGiveWhatTheyGiveAloneAfterTheCut() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter cut = attach(model, keys(true, 0.1));
            AttachedAdapter dense = MethodChecks.moved(bench, attach(model, keys(false, 0.1)), 2);
            try (MethodTraining training = new MethodTraining(bench, model, cut)) {
                training.steps(25);
            }
            MixedRows rows = MixedRows.random(List.of(List.of(cut), List.of(), List.of(dense), List.of(cut)), 3);
            rows.giveInOnePassWhatTheyGiveAlone(bench, model);
            rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
            cut.release();
            dense.release();
        }
    }

    @Test
    void mergedWeightsGiveTheSameLogits() {
        Map<String, Object> keys = Map.of("density", 1, "alpha_init", 0.5);
        MethodChecks.of(new DiffPruningProvider(), SmallModel.gpt2(), keys).mergedEqualsAttachedOrIsRefused(directory);
    }

    @Test
    void mistakenKeysAreNamedInOneSentence() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Map<String, Object> mistakes = new TreeMap<>(Map.of(
                    "density",
                    1.5,
                    "fixmask_fraction",
                    1,
                    "temperature",
                    0,
                    "stretch_low",
                    0.5,
                    "stretch_high",
                    1,
                    "penalty",
                    -1,
                    "alpha_init",
                    Double.NaN,
                    "target_modules",
                    List.of("nothing")));
            mistakes.forEach((key, value) -> assertThatThrownBy(() -> attach(model, Map.of(key, value)))
                    .as(key)
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(key)
                    .doesNotContain("\n"));
        }
    }

    private static PassOptions training(long seed) {
        return PassOptions.training(RandomStream.seeded(seed), false);
    }

    private static float[] logits(Bench bench, LoadedModel model, AttachedAdapter adapter, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(bench.input(TOKENS.ids(), TOKENS.mask()), RowAssignment.all(List.of(adapter)), options)
                    .logits()
                    .floats();
        }
    }

    /** Gradients of everything that learns before the cut. */
    private static List<float[]> gradients(
            Bench bench, LoadedModel model, AttachedAdapter adapter, boolean checkpointing) {
        List<Tensor> leaves = adapter.attachment().parameters().stream()
                .skip(1)
                .map(Parameter::tensor)
                .toList();
        try (Scope scope = bench.tensors().scope()) {
            var input = bench.input(TOKENS.ids(), TOKENS.mask());
            Tensor loss = model.forward(
                            input,
                            RowAssignment.all(List.of(adapter)),
                            PassOptions.training(RandomStream.seeded(4), checkpointing))
                    .tokenLosses(input.ids(), true)
                    .mean();
            try (var gradients = bench.tensors().backward(loss, leaves)) {
                List<float[]> all = new ArrayList<>();
                for (Tensor leaf : leaves) {
                    all.add(bench.tensors().wrap(gradients.take(leaf)).floats());
                }
                return all;
            }
        }
    }

    /** How many elements of the base's weights the adapter changes outside of training. */
    private static long differing(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        long differing = 0;
        try (Scope scope = bench.tensors().scope()) {
            for (Weight weight : model.weights().all()) {
                var patch = adapter.attachment().patches().parameter().get(weight.name());
                if (patch != null) {
                    float[] own = patch.value(new Settled(bench.tensors()), weight.tensor())
                            .floats();
                    float[] base = weight.tensor().floats();
                    for (int i = 0; i < own.length; i++) {
                        differing += Float.floatToRawIntBits(own[i]) == Float.floatToRawIntBits(base[i]) ? 0 : 1;
                    }
                }
            }
        }
        return differing;
    }

    /** The differences with settled gates, worked out from the parameters by hand. */
    private static List<float[]> settled(Bench bench, AttachedAdapter adapter) {
        Map<String, float[]> values = new TreeMap<>();
        adapter.attachment()
                .parameters()
                .forEach(parameter ->
                        values.put(parameter.name(), parameter.tensor().floats()));
        List<float[]> settled = new ArrayList<>();
        try (Scope scope = bench.tensors().scope()) {
            HardConcrete gates = new HardConcrete(1, -1.5, 1.5);
            Map<String, Tensor> settledGates = new HashMap<>();
            for (Parameter parameter : adapter.attachment().parameters()) {
                if (parameter.name().endsWith("log_alpha")) {
                    settledGates.put(parameter.name(), gates.settled(parameter.tensor()));
                }
            }
            values.forEach((name, w) -> {
                if (name.endsWith(".w")) {
                    String stem = name.substring(0, name.length() - 1);
                    float[] elements = settledGates.get(stem + "log_alpha").floats();
                    Tensor group = settledGates.get(stem + "group_log_alpha");
                    float factor = group == null ? 1 : group.floats()[0];
                    float[] product = new float[w.length];
                    for (int i = 0; i < w.length; i++) {
                        product[i] = w[i] * elements[i] * factor;
                    }
                    settled.add(product);
                }
            });
        }
        return settled;
    }

    private static List<float[]> runOnly(AttachedAdapter adapter) {
        return adapter.attachment().parameters().stream()
                .filter(parameter -> parameter.name().startsWith("gated."))
                .map(parameter -> parameter.tensor().floats())
                .toList();
    }
}
