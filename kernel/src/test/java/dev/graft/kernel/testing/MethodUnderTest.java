package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Map;

/**
 * A method whose adapters are attached by tests.
 *
 * @param provider the method
 * @param tokenizer the tokenizer of the models it is attached to, or null
 * @param <C> the method's configuration
 */
public record MethodUnderTest<C extends Record>(MethodProvider<C> provider, Tokenizer tokenizer) {
    /** A method that needs no tokenizer. */
    public MethodUnderTest(MethodProvider<C> provider) {
        this(provider, null);
    }

    /** Binds the keys of a recipe. */
    public C bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(provider.configuration(), keys, "methods[0]");
    }

    /** Attaches a fresh adapter. */
    public AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        return attach(model, keys, 1, DType.FLOAT32);
    }

    /** Attaches a fresh adapter whose parameters have a type, and begin with numbers drawn from a seed. */
    public AttachedAdapter attach(LoadedModel model, Map<String, Object> keys, long seed, DType dtype) {
        RandomStream random = RandomStream.seeded(seed).fork(provider.id());
        var setting = new AdapterBuilder.Setting(provider.id(), random, dtype, tokenizer, null, "");
        return AdapterBuilder.attach(model, provider, bind(keys), setting);
    }

    /** Attaches a fresh adapter and moves all its parameters away from where they begin. */
    public AttachedAdapter attachMoved(Bench bench, LoadedModel model, Map<String, Object> keys) {
        return MethodChecks.moved(bench, attach(model, keys), 1);
    }

    /** What the method must stand for one configuration on one small model. */
    public MethodChecks<C> checks(SmallModel small, Map<String, Object> keys) {
        return MethodChecks.of(this, small, keys);
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
}
