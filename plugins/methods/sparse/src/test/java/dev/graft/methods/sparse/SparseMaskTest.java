package dev.graft.methods.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodTraining;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.method.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseMaskTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 8, 11, 1});

    /** The trial's share of the hundred steps that a training of the tests has. */
    private static final double THREE_STEPS = 0.03;

    /** A weight that may change is multiplied in another order than a frozen one. */
    private static final Offset<Float> ROUNDING = within(1e-6f);

    @TempDir
    private Path directory;

    private Map<String, Object> keys(String mask, double density) {
        return new HashMap<>(Map.of("mask", mask, "density", density, "trial_fraction", THREE_STEPS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "fisher", "lottery-ticket"})
    void everyMaskHasTheDensityAskedForAndLeavesTheRestOfTheBaseToTheBit(String mask) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            Map<String, Object> keys = keys(mask, 0.1);
            keys.put("target_modules", ".*_proj|.*embed_tokens|lm_head");
            AttachedAdapter adapter = Patched.attach(model, keys);
            long count = new TrainedParameters(List.of(adapter)).elements();
            assertThat(Patched.differing(Patched.weights(bench, model, adapter), model))
                    .isZero();
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                choose(bench, model, adapter, training);
                assertThat(Patched.differing(Patched.weights(bench, model, adapter), model))
                        .isZero();
                double first = training.steps(1);
                assertThat(training.steps(40)).isLessThan(0.6 * first);
            }

            assertThat(count).isEqualTo(Math.round(0.1 * (3 * (2 * 16 * 16 + 2 * 8 * 16 + 3 * 16 * 24) + 2 * 32 * 16)));
            Map<String, float[]> after = Patched.weights(bench, model, adapter);
            assertThat(Patched.differing(after, model))
                    .isLessThanOrEqualTo(count)
                    .isGreaterThan(count / 2);
            assertThat(outside(adapter, after, model)).isZero();
            adapter.release();
        }
    }

    /** Has an adapter choose its mask. */
    private static void choose(Bench bench, LoadedModel model, AttachedAdapter adapter, MethodTraining training) {
        if (adapter.attachment().calibration().isPresent()) {
            Patched.calibrate(bench, model, adapter, TOKENS);
        }
        if (((SparseConfig) adapter.configuration()).mask() == SparseConfig.Mask.LOTTERY_TICKET) {
            training.steps(3);
        }
    }

    /** How many elements differ from the base beside those the adapter's files name. */
    private static long outside(AttachedAdapter adapter, Map<String, float[]> patched, LoadedModel model) {
        long named = 0;
        try (var scope = model.tensors().scope()) {
            Map<String, float[]> rest = new LinkedHashMap<>();
            patched.forEach((name, values) -> rest.put(name, values.clone()));
            var state = adapter.attachment().state();
            for (var weight : model.weights().all()) {
                var indices = state.get("base_model.model." + weight.name() + ".indices");
                float[] base = weight.tensor().floats();
                if (indices != null) {
                    for (long index : indices.longs()) {
                        rest.get(weight.name())[(int) index] = base[(int) index];
                        named++;
                    }
                }
            }
            assertThat(named).isEqualTo(new TrainedParameters(List.of(adapter)).elements());
            return Patched.differing(rest, model);
        }
    }

    @Test
    void fisherChoosesTheLargestMeanSquaredGradients() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = Patched.attach(model, keys("fisher", 0.02));
            Map<String, float[]> squares = Patched.calibrate(bench, model, adapter, TOKENS);

            assertThat(chosen(bench, adapter)).isEqualTo(largest(squares, count(adapter)));
            assertThat(adapter.attachment().calibration()).isEmpty();
            adapter.release();
        }
    }

    @Test
    void aLotteryTicketHoldsTheLargestChangesOfItsTrialAndBeginsAgainWithTheBase() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.bertClassifier().random(bench)) {
            AttachedAdapter adapter = Patched.attach(model, keys("lottery-ticket", 0.02));
            float[] base = Runs.logits(bench, model, TOKENS);
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(2);
                assertThat(Runs.logits(bench, model, TOKENS, adapter)).isNotEqualTo(base);
                training.steps(1);
                Map<String, float[]> trial = trial(adapter);

                assertThat(chosen(bench, adapter)).isEqualTo(largest(changes(trial), count(adapter) - head(model)));
                assertThat(Runs.logits(bench, model, TOKENS, adapter)).containsExactly(base, ROUNDING);
                assertThat(Patched.differing(Patched.weights(bench, model, adapter), model))
                        .isZero();
                training.steps(3);
                assertThat(Runs.logits(bench, model, TOKENS, adapter)).isNotEqualTo(base);
                trial(adapter)
                        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(trial.get(name)));
            }
            adapter.release();
        }
    }

    @Test
    void nothingOfTheTrialReachesTheSparsePhaseButTheMask() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.llama().write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Patched.attach(model, keys("lottery-ticket", 0.05));
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(3);
                AdapterLoader loader = new AdapterLoader(bench.registry());
                loader.save(directory.resolve("adapter"), "base", model, List.of(adapter));
                AttachedAdapter alone =
                        loader.load(directory.resolve("adapter"), model).get(0);
                try (MethodTraining fresh = new MethodTraining(bench, model, alone)) {
                    assertThat(fresh.steps(5)).isEqualTo(training.steps(5));
                }
                assertThat(alone.attachment().parameters()).hasSize(1);
                assertThat(alone.attachment().calibration()).isEmpty();
                assertThat(alone.attachment().parameters().get(0).tensor().floats())
                        .isEqualTo(adapter.attachment()
                                .parameters()
                                .get(0)
                                .tensor()
                                .floats());
                alone.release();
            }
            adapter.release();
        }
    }

    @Test
    void whatIsSavedInTheTrialIsTheLargestChangesSoFar() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.bertClassifier().write(bench, directory.resolve("base")))) {
            AttachedAdapter adapter = Patched.attach(model, keys("lottery-ticket", 1));
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(2);
            }
            AdapterLoader loader = new AdapterLoader(bench.registry());
            loader.save(directory.resolve("adapter"), "base", model, List.of(adapter));
            AttachedAdapter again =
                    loader.load(directory.resolve("adapter"), model).get(0);

            assertThat(Runs.logits(bench, model, TOKENS, again))
                    .isEqualTo(Runs.logits(bench, model, TOKENS, adapter))
                    .isNotEqualTo(Runs.logits(bench, model, TOKENS));
            again.release();
            adapter.release();
        }
    }

    @Test
    void randomMasksFollowTheirSeed() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<List<String>> masks = new ArrayList<>();
            for (long seed : new long[] {5, 5, 6}) {
                Map<String, Object> keys = keys("random", 0.02);
                keys.put("seed", seed);
                AttachedAdapter adapter = Patched.attach(model, keys);
                masks.add(chosen(bench, adapter));
                adapter.release();
            }
            assertThat(masks.get(1)).isEqualTo(masks.get(0)).isNotEqualTo(masks.get(2));
        }
    }

    private static int count(AttachedAdapter adapter) {
        return Math.toIntExact(new TrainedParameters(List.of(adapter)).elements());
    }

    private static int head(LoadedModel model) {
        return 3 * model.description().hidden() + 3;
    }

    /** The chosen elements as "parameter index", sorted. */
    private static List<String> chosen(Bench bench, AttachedAdapter adapter) {
        List<String> chosen = new ArrayList<>();
        try (var scope = bench.tensors().scope()) {
            adapter.attachment().state().forEach((name, tensor) -> {
                if (name.endsWith(".indices")) {
                    String parameter = name.substring("base_model.model.".length(), name.length() - 8);
                    for (long index : tensor.longs()) {
                        chosen.add(parameter + " " + index);
                    }
                }
            });
        }
        return chosen.stream().sorted().toList();
    }

    /** The elements with the largest scores as "parameter index", sorted. */
    private static List<String> largest(Map<String, float[]> scores, int count) {
        Map<String, Float> flat = new LinkedHashMap<>();
        scores.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                flat.put(name.substring("trial.".length()) + " " + i, values[i]);
            }
        });
        return flat.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -entry.getValue()))
                .limit(count)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static Map<String, float[]> trial(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            if (parameter.name().startsWith("trial.")) {
                values.put(parameter.name(), parameter.tensor().floats());
            }
        }
        return values;
    }

    /** The sizes of the trial's changes, without its head. */
    private static Map<String, float[]> changes(Map<String, float[]> trial) {
        Map<String, float[]> changes = new LinkedHashMap<>();
        trial.forEach((name, values) -> {
            if (!name.startsWith("trial.classifier.")) {
                float[] sizes = values.clone();
                for (int i = 0; i < sizes.length; i++) {
                    sizes[i] = Math.abs(sizes[i]);
                }
                changes.put(name, sizes);
            }
        });
        return changes;
    }
}
