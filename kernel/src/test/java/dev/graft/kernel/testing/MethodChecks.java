package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelMerger;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * What every method must stand, for one configuration on one small model.
 *
 * @param method the method
 * @param small the model
 * @param keys the configuration as a recipe writes it
 * @param merge whether it merges, and if not, a part of the sentence that says so; empty = it merges
 * @param noOpWhenFresh whether an adapter that has not learned yet leaves the logits as they are
 * @param deaf names of parameters that by their nature change no output of this model, such as the bias of keys
 * @param <C> the method's configuration
 */
public record MethodChecks<C extends Record>(
        MethodUnderTest<C> method,
        SmallModel small,
        Map<String, Object> keys,
        String merge,
        boolean noOpWhenFresh,
        Pattern deaf) {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 30, 11, 1});
    private static final int MIXES = 6;

    /** A merged product is summed in another order; a trained copy of a weight may be multiplied in another one. */
    private static final Offset<Float> ROUNDING = within(2e-5f);

    /** Checks of a method that merges and that leaves logits alone as long as it has not learned. */
    public static <C extends Record> MethodChecks<C> of(
            MethodProvider<C> provider, SmallModel small, Map<String, Object> keys) {
        return of(new MethodUnderTest<>(provider), small, keys);
    }

    /** Checks of a method that merges and that leaves logits alone as long as it has not learned. */
    static <C extends Record> MethodChecks<C> of(
            MethodUnderTest<C> method, SmallModel small, Map<String, Object> keys) {
        return new MethodChecks<>(method, small, keys, "", true, Pattern.compile("(?!)"));
    }

    /** The same for a configuration that cannot be merged; the refusal holds the text. */
    public MethodChecks<C> refusingToMerge(String text) {
        return new MethodChecks<>(method, small, keys, text, noOpWhenFresh, deaf);
    }

    /** The same for a configuration whose fresh adapters change the logits. */
    public MethodChecks<C> changingLogitsWhenFresh() {
        return new MethodChecks<>(method, small, keys, merge, false, deaf);
    }

    /** The same without looking at the gradients of parameters whose names contain a match. */
    public MethodChecks<C> withoutGradient(String regex) {
        return new MethodChecks<>(method, small, keys, merge, noOpWhenFresh, Pattern.compile(regex));
    }

    /** Every check as a test of its own. */
    public DynamicNode tests(Path scratch) {
        List<DynamicTest> tests = new ArrayList<>(List.of(
                test("gradients equal finite differences", () -> gradientsEqualDifferences(fresh(scratch))),
                test("a saved adapter computes the same again", () -> savedComputesTheSame(fresh(scratch))),
                test("training goes on after loading", () -> trainingGoesOnAfterLoading(fresh(scratch))),
                test("the base stays as it was", () -> theBaseStaysAsItWas(fresh(scratch))),
                test("a released adapter leaves no arrays", () -> aReleasedAdapterLeavesNothing(fresh(scratch))),
                test("what learns is what the formula says", () -> learnsWhatTheFormulaSays(fresh(scratch))),
                test("merged equals attached or is refused", () -> mergedEqualsAttachedOrIsRefused(fresh(scratch))),
                test("rows of a mixed batch give what they give alone", () -> mixedRows(fresh(scratch)))));
        if (noOpWhenFresh) {
            tests.add(test("a fresh adapter changes nothing", () -> aFreshAdapterChangesNothing(fresh(scratch))));
        }
        return dynamicContainer(small + " " + keys, tests);
    }

    private static DynamicTest test(String name, Executable check) {
        return dynamicTest(name, check);
    }

    private static Path fresh(Path scratch) {
        try {
            return Files.createTempDirectory(scratch, "check");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The gradient of every parameter agrees with central differences in double precision. */
    public void gradientsEqualDifferences(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.loadDouble(small.write(bench, directory))) {
            AttachedAdapter adapter = moved(bench, method.attach(model, keys, 1, DType.FLOAT64), 1);
            for (Parameter parameter : adapter.attachment().parameters()) {
                if (!deaf.matcher(parameter.name()).find()) {
                    GradientChecks.gradientAgreesWithDifferences(bench, model, TOKENS, adapter, parameter);
                }
            }
            adapter.release();
        }
    }

    /** An adapter that is loaded computes to the bit what the saved one did, and saves as the same files. */
    public void savedComputesTheSame(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory.resolve("base")))) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter adapter = moved(bench, attach(model, 1), 1);
            Path saved = directory.resolve("one").resolve(method.provider().id());
            Path savedAgain = directory.resolve("two").resolve(method.provider().id());
            loader.save(saved, "base", model, List.of(adapter));
            AttachedAdapter again = loader.load(saved, model).get(0);
            loader.save(savedAgain, "base", model, List.of(again));

            assertThat(values(again)).containsExactlyEntriesOf(values(adapter));
            assertThat(Runs.logits(bench, model, TOKENS, again))
                    .isEqualTo(Runs.logits(bench, model, TOKENS, adapter))
                    .isNotEqualTo(Runs.logits(bench, model, TOKENS));
            String config = method.provider().format().configFile();
            assertThat(JsonFile.read(savedAgain.resolve(config))).isEqualTo(JsonFile.read(saved.resolve(config)));
            assertThat(tensors(savedAgain)).isEqualTo(tensors(saved));
            again.release();
            adapter.release();
        }
    }

    /** Saving, loading and going on equals going on, to the bit; and the loss falls. */
    public void trainingGoesOnAfterLoading(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory.resolve("base")))) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter adapter = attach(model, 1);
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                double first = training.steps(1);
                training.steps(2);
                Path saved = directory.resolve("adapter");
                loader.save(saved, "base", model, List.of(adapter));
                AttachedAdapter again = loader.load(saved, model).get(0);
                try (MethodTraining resumed = new MethodTraining(bench, model, again).resumedFrom(training)) {
                    double uninterrupted = training.steps(4);
                    assertThat(resumed.steps(4)).isEqualTo(uninterrupted).isLessThan(first);
                }
                assertThat(values(again)).containsExactlyEntriesOf(values(adapter));
                again.release();
            }
            adapter.release();
        }
    }

    /** Training changes no bit of the base, and a detached model gives the base's logits to the bit. */
    public void theBaseStaysAsItWas(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory))) {
            float[] logits = Runs.logits(bench, model, TOKENS);
            Map<String, List<Float>> weights = weights(model);
            AttachedAdapter adapter = attach(model, 1);
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(3);
            }
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).isNotEqualTo(logits);
            adapter.release();

            assertThat(weights(model)).isEqualTo(weights);
            assertThat(Runs.logits(bench, model, TOKENS)).isEqualTo(logits);
        }
    }

    /**
     * After an adapter was attached, run, trained and released, as many arrays are alive as before. The base keeps the
     * plain form of a weight from when it is first asked for, so that one adapter comes and goes before.
     */
    public void aReleasedAdapterLeavesNothing(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory))) {
            Runs.logits(bench, model, TOKENS);
            AttachedAdapter first = attach(model, 1);
            Runs.logits(bench, model, TOKENS, first);
            first.release();
            long before = bench.engine().liveArrays();
            AttachedAdapter adapter = attach(model, 1);
            assertThat(bench.engine().liveArrays()).isGreaterThan(before);
            try (MethodTraining training = new MethodTraining(bench, model, adapter)) {
                training.steps(2);
            }
            Runs.logits(bench, model, TOKENS, adapter);
            adapter.release();
            assertThat(bench.engine().liveArrays()).isEqualTo(before);
        }
    }

    /** As many elements learn as the closed formula says. */
    public void learnsWhatTheFormulaSays(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory))) {
            AttachedAdapter adapter = attach(model, 1);
            assertThat(method.provider().trainableParameters(model.view(), method.bind(keys)))
                    .isEqualTo(new TrainedParameters(List.of(adapter)).elements())
                    .isPositive();
            adapter.release();
        }
    }

    /** A merged checkpoint gives the logits of the attached adapter, or there is one sentence that says why not. */
    public void mergedEqualsAttachedOrIsRefused(Path directory) {
        try (Bench bench = bench()) {
            Path base = small.write(bench, directory.resolve("base"));
            Path target = directory.resolve("merged");
            try (LoadedModel model = bench.load(base)) {
                AttachedAdapter adapter = moved(bench, attach(model, 1), 1);
                if (merge.isEmpty()) {
                    merge(model, adapter, base, target);
                    try (LoadedModel merged = bench.load(target)) {
                        assertThat(Runs.logits(bench, merged, TOKENS))
                                .containsExactly(Runs.logits(bench, model, TOKENS, adapter), ROUNDING)
                                .isNotEqualTo(Runs.logits(bench, model, TOKENS));
                    }
                } else {
                    assertThatThrownBy(() -> merge(model, adapter, base, target))
                            .isInstanceOf(ConfigurationException.class)
                            .message()
                            .contains(merge)
                            .doesNotContain("\n");
                    assertThat(target).doesNotExist();
                }
                adapter.release();
            }
        }
    }

    private static void merge(LoadedModel model, AttachedAdapter adapter, Path base, Path target) {
        new ModelMerger(model, List.of(adapter)).write(base, target, ModelMerger.Form.asStored());
    }

    /** Rows with this adapter, another of its kind or none give what they give alone, in one pass and out of a cache. */
    public void mixedRows(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory))) {
            List<AttachedAdapter> adapters =
                    List.of(moved(bench, attach(model, 1), 1), moved(bench, attach(model, 2), 2));
            for (int mix = 0; mix < MIXES; mix++) {
                MixedRows rows = MixedRows.random(assignment(adapters, mix), mix);
                rows.giveInOnePassWhatTheyGiveAlone(bench, model);
                if (model.description().task() == Task.CAUSAL_LM) {
                    rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
                }
            }
            adapters.forEach(AttachedAdapter::release);
        }
    }

    private static List<List<AttachedAdapter>> assignment(List<AttachedAdapter> adapters, int seed) {
        RandomStream random = RandomStream.seeded(100L + seed);
        return Stream.generate(() -> random.nextInt(adapters.size() + 1))
                .limit(2L + random.nextInt(4))
                .map(choice -> choice == adapters.size() ? List.<AttachedAdapter>of() : List.of(adapters.get(choice)))
                .toList();
    }

    /** An adapter that has not learned leaves the logits as they are. */
    public void aFreshAdapterChangesNothing(Path directory) {
        try (Bench bench = bench();
                LoadedModel model = bench.load(small.write(bench, directory))) {
            AttachedAdapter adapter = attach(model, 1);
            assertThat(Runs.logits(bench, model, TOKENS, adapter))
                    .containsExactly(Runs.logits(bench, model, TOKENS), ROUNDING);
            adapter.release();
        }
    }

    /** Attaches a fresh adapter. */
    public AttachedAdapter attach(LoadedModel model, long seed) {
        return method.attach(model, keys, seed, DType.FLOAT32);
    }

    /** A bench with the method's plugin, wherever it was loaded from. */
    private Bench bench() {
        return new Bench(method.provider());
    }

    /** Moves all parameters of an adapter away from where they begin. */
    public static AttachedAdapter moved(Bench bench, AttachedAdapter adapter, long seed) {
        RandomStream random = RandomStream.seeded(seed);
        for (Parameter parameter : adapter.attachment().parameters()) {
            Array value = adapter.array(parameter);
            try (Array noise = bench.engine().normal(value.shape(), value.dtype(), random.next())) {
                bench.engine().addInPlace(value, noise, 0.2);
            }
        }
        return adapter;
    }

    /** The values of all parameters by name. */
    public static Map<String, List<Float>> values(AttachedAdapter adapter) {
        Map<String, List<Float>> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            values.put(parameter.name(), boxed(parameter.tensor().floats()));
        }
        return values;
    }

    private static Map<String, List<Float>> weights(LoadedModel model) {
        Map<String, List<Float>> values = new LinkedHashMap<>();
        for (Weight weight : model.weights().all()) {
            values.put(weight.name(), boxed(weight.tensor().floats()));
        }
        return values;
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private Map<String, Object> tensors(Path saved) {
        Map<String, Object> tensors = new LinkedHashMap<>();
        try (SafetensorsFile file =
                SafetensorsFile.open(saved.resolve(method.provider().format().weightsFile()))) {
            file.contents().forEach((name, data) -> tensors.put(name, List.of(data.shape(), data.gather())));
        }
        return tensors;
    }
}
