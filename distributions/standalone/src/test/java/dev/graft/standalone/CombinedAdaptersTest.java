package dev.graft.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.AdapterCombiner;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CombinedAdaptersTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {30, 7, 9, 31, 2});
    private static final AdapterCombiner.Manner LINEAR = new AdapterCombiner.Manner("linear", Map.of());

    @TempDir
    private Path scratch;

    @Test
    void allOfOneAndNothingOfAnotherIsTheOneForEveryMethodThatCombines() {
        TreeSet<String> refusing = new TreeSet<>();
        TreeSet<String> combining = new TreeSet<>();
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.gpt2().write(bench, scratch.resolve("base")))) {
            for (Setup setup : Setup.ofEveryMethod(bench.registry())) {
                AttachedAdapter one = setup.attach(bench, model, DType.FLOAT32, 1);
                AttachedAdapter other = setup.attach(bench, model, DType.FLOAT32, 2);
                List<AdapterCombiner.Weighted> both = List.of(
                        new AdapterCombiner.Weighted(save(bench, model, one), 1),
                        new AdapterCombiner.Weighted(save(bench, model, other), 0));
                try {
                    Path written = combined(bench, model, both);
                    AttachedAdapter loaded = new AdapterLoader(bench.registry())
                            .load(written, model)
                            .get(0);
                    assertThat(Runs.logits(bench, model, TOKENS, loaded))
                            .as("%s", setup)
                            .containsExactly(Runs.logits(bench, model, TOKENS, one), within(2e-5f));
                    loaded.release();
                    combining.add(setup.method());
                } catch (ConfigurationException refusal) {
                    assertThat(refusal.getMessage()).contains("combined").doesNotContain("\n");
                    refusing.add(setup.method());
                } finally {
                    one.release();
                    other.release();
                }
            }
        }
        assertThat(combining)
                .contains(
                        "adapter",
                        "bitfit",
                        "full",
                        "hard-prompt",
                        "ia3",
                        "lora",
                        "p-tuning",
                        "p-tuning-v2",
                        "ppt",
                        "prefix",
                        "prompt");
        assertThat(refusing).contains("adapter-fusion", "diff-pruning", "sparse");
    }

    @Test
    void aLinearCombinationIsTheWeightedSumOfTensors() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.llama().write(bench, scratch.resolve("base")))) {
            Setup setup = new Setup("prompt", Map.of("num_virtual_tokens", 2), List.of());
            AttachedAdapter one = setup.attach(bench, model, DType.FLOAT32, 1);
            AttachedAdapter other = setup.attach(bench, model, DType.FLOAT32, 2);
            Path first = save(bench, model, one);
            Path second = save(bench, model, other);
            Path written = combined(
                    bench,
                    model,
                    List.of(new AdapterCombiner.Weighted(first, 0.5), new AdapterCombiner.Weighted(second, -2)));
            float[] a = one.attachment().parameters().get(0).tensor().floats();
            float[] b = other.attachment().parameters().get(0).tensor().floats();
            AttachedAdapter loaded =
                    new AdapterLoader(bench.registry()).load(written, model).get(0);
            float[] sum = loaded.attachment().parameters().get(0).tensor().floats();
            for (int i = 0; i < sum.length; i++) {
                assertThat(sum[i]).isCloseTo(0.5f * a[i] - 2 * b[i], within(1e-5f));
            }
            List.of(one, other, loaded).forEach(AttachedAdapter::release);
        }
    }

    @Test
    void adaptersThatDoNotGoTogetherAreRefusedInASentence() {
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(SmallModel.llama().write(bench, scratch.resolve("base")))) {
            Path two = attached(bench, model, new Setup("prompt", Map.of("num_virtual_tokens", 2), List.of()), 1);
            Path three = attached(bench, model, new Setup("prompt", Map.of("num_virtual_tokens", 3), List.of()), 2);
            Path ia3 = attached(bench, model, new Setup("ia3", Map.of(), List.of()), 3);
            Path bitfit = attached(bench, model, new Setup("bitfit", Map.of(), List.of()), 4);

            refused(bench, model, LINEAR, "'prompt_embeddings' is [2, 16] in one and [3, 16] in another", two, three);
            refused(bench, model, LINEAR, "is of method ia3 and the one in " + two + " of method prompt", two, ia3);
            refused(bench, model, LINEAR, "the weights sum to 2.0", bitfit, bitfit);
            refused(
                    bench,
                    model,
                    new AdapterCombiner.Manner("ties", Map.of("density", 0.5)),
                    "cannot be combined by 'ties'; the only way is linear",
                    two,
                    two);
        }
    }

    private void refused(
            Bench bench, LoadedModel model, AdapterCombiner.Manner manner, String text, Path first, Path second) {
        List<AdapterCombiner.Weighted> both =
                List.of(new AdapterCombiner.Weighted(first, 1), new AdapterCombiner.Weighted(second, 1));
        AdapterCombiner combiner = new AdapterCombiner(bench.registry(), model);
        assertThatThrownBy(() -> combiner.combine("combined", both, manner))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(text);
    }

    private Path attached(Bench bench, LoadedModel model, Setup setup, long seed) {
        AttachedAdapter adapter = setup.attach(bench, model, DType.FLOAT32, seed);
        try {
            return save(bench, model, adapter);
        } finally {
            adapter.release();
        }
    }

    private Path save(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        Path directory = scratch.resolve(adapter.name());
        new AdapterLoader(bench.registry()).save(directory, "base", model, List.of(adapter));
        return directory;
    }

    private Path combined(Bench bench, LoadedModel model, List<AdapterCombiner.Weighted> adapters) {
        Path directory = scratch.resolve("combined");
        AttachedAdapter combined = new AdapterCombiner(bench.registry(), model).combine("combined", adapters, LINEAR);
        try {
            new AdapterLoader(bench.registry()).save(directory, "base", model, List.of(combined));
        } finally {
            combined.release();
        }
        return directory;
    }
}
