package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every technique must hold, on small models.
 *
 * @param provider the technique
 * @param tokenizer the models', or null
 * @param <C> its configuration
 */
public record AdapterChecks<C extends Record>(MethodProvider<C> provider, Tokenizer tokenizer) {
    /** A batch of two rows. */
    public static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 30, 11, 1});

    /** A technique that needs no tokenizer. */
    public AdapterChecks(MethodProvider<C> provider) {
        this(provider, null);
    }

    /** Attaches a fresh adapter with the keys of a recipe. */
    public AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        return AdapterBuilder.attach(model, provider, bind(keys), setting(DType.FLOAT32));
    }

    /** Attaches a fresh adapter and moves all its parameters away from where they begin. */
    public AttachedAdapter attachMoved(Bench bench, LoadedModel model, Map<String, Object> keys) {
        AttachedAdapter adapter = attach(model, keys);
        RandomStream random = RandomStream.seeded(5);
        for (Parameter parameter : adapter.attachment().parameters()) {
            Array value = adapter.array(parameter);
            try (Array noise = bench.engine().normal(value.shape(), value.dtype(), random.next())) {
                bench.engine().addInPlace(value, noise, 0.2);
            }
        }
        return adapter;
    }

    private AdapterBuilder.Setting setting(DType dtype) {
        RandomStream random = RandomStream.seeded(1).fork(provider.id());
        return new AdapterBuilder.Setting(provider.id(), random, dtype, tokenizer, null, "");
    }

    /** Binds the keys of a recipe. */
    public C bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(provider.configuration(), keys, "method");
    }

    /** Every parameter's gradient equals a central difference in double precision. */
    public void gradientsEqualDifferences(SmallModel small, Map<String, Object> keys, Path directory) {
        try (Bench bench = new Bench();
                LoadedModel model = small.loadDouble(bench, directory)) {
            AttachedAdapter adapter = AdapterBuilder.attach(model, provider, bind(keys), setting(DType.FLOAT64));
            for (Parameter parameter : adapter.attachment().parameters()) {
                GradientChecks.gradientAgreesWithDifferences(bench, model, TOKENS, adapter, parameter);
            }
            adapter.release();
        }
    }

    /** A saved adapter computes the same to the bit again, and holds the same tensors. */
    public void savedComputesTheSame(SmallModel small, Map<String, Object> keys, Path directory) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter adapter = attachMoved(bench, model, keys);
            loader.save(directory, "base", model, List.of(adapter));
            AttachedAdapter again = loader.load(directory, model).get(0);

            assertThat(again.method()).isEqualTo(provider.id());
            assertThat(again.configuration()).isEqualTo(adapter.configuration());
            assertThat(Runs.logits(bench, model, TOKENS, again)).isEqualTo(Runs.logits(bench, model, TOKENS, adapter));
            assertSame(state(bench, again), state(bench, adapter));
            assertSame(values(again), values(adapter));
            again.release();
            adapter.release();
        }
    }

    /** Training that goes on after loading equals uninterrupted training to the bit, and learns. */
    public void trainingGoesOn(SmallModel small, Map<String, Object> keys, Path directory) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AdapterLoader loader = new AdapterLoader(bench.registry());
            AttachedAdapter adapter = attach(model, keys);
            try (SmallTraining training = new SmallTraining(bench, model, adapter, TOKENS)) {
                double first = training.steps(1);
                training.steps(2);
                loader.save(directory, "base", model, List.of(adapter));
                AttachedAdapter again = loader.load(directory, model).get(0);
                try (SmallTraining resumed = new SmallTraining(bench, model, again, TOKENS)) {
                    resumed.resumedFrom(training, adapter.name(), again.name());
                    double uninterrupted = training.steps(4);
                    assertThat(resumed.steps(4)).isEqualTo(uninterrupted);
                    assertThat(uninterrupted).isLessThan(first);
                }
                assertSame(values(again), values(adapter));
                again.release();
            }
            adapter.release();
        }
    }

    /** Training leaves the base as it was to the bit, and a released adapter leaves no arrays. */
    public void theBaseStaysAndNothingIsLeft(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            float[] before = Runs.logits(bench, model, TOKENS);
            // The base keeps every form in which its weights were used, so one adapter comes and goes before the count.
            AttachedAdapter first = attach(model, keys);
            Runs.logits(bench, model, TOKENS, first);
            first.release();
            long live = bench.engine().liveArrays();
            AttachedAdapter adapter = attach(model, keys);
            try (SmallTraining training = new SmallTraining(bench, model, adapter, TOKENS)) {
                training.steps(2);
            }
            assertThat(Runs.logits(bench, model, TOKENS, adapter)).isNotEqualTo(before);
            adapter.release();

            assertThat(bench.engine().liveArrays()).isEqualTo(live);
            assertThat(Runs.logits(bench, model, TOKENS)).isEqualTo(before);
        }
    }

    /** The closed formula gives the number of elements that learn. */
    public void theFormulaCounts(SmallModel small, Map<String, Object> keys) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = attach(model, keys);
            assertThat(provider.trainableParameters(model.view(), bind(keys)))
                    .isEqualTo(new TrainedParameters(List.of(adapter)).elements());
            adapter.release();
        }
    }

    /** Merging is refused with one sentence that holds {@code reason}. */
    public void mergingIsRefused(SmallModel small, Map<String, Object> keys, String reason) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = attach(model, keys);
            assertThatThrownBy(() -> adapter.attachment().merge())
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(reason)
                    .doesNotContain("\n");
            adapter.release();
        }
    }

    /** A recipe's keys are refused with one sentence that holds {@code message}, and nothing is left. */
    public void keysAreRefused(SmallModel small, Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            long live = bench.engine().liveArrays();
            assertThatThrownBy(() -> attach(model, keys))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
            assertThat(bench.engine().liveArrays()).isEqualTo(live);
        }
    }

    /** The values of all parameters by name. */
    public static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            values.put(parameter.name(), parameter.tensor().floats());
        }
        return values;
    }

    /** The tensors of the main file by name. */
    public static Map<String, float[]> state(Bench bench, AttachedAdapter adapter) {
        try (Scope scope = bench.tensors().scope()) {
            Map<String, float[]> values = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> entry : adapter.attachment().state().entrySet()) {
                values.put(entry.getKey(), entry.getValue().floats());
            }
            return values;
        }
    }

    private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
    }
}
