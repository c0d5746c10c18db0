package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.testing.Bench;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Combination;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LoraCombinationTest {
    private static final Offset<Float> ROUNDING = within(1e-4f);
    private static final String MODULE = "model.layers.0.self_attn.q_proj";
    private static final String A = "base_model.model." + MODULE + ".lora_A.weight";
    private static final String B = "base_model.model." + MODULE + ".lora_B.weight";
    private static final int IN = 5;
    private static final int OUT = 4;

    @Test
    void oneAdapterOfWeightOneIsThatAdapter() {
        for (String way : CombinationOptions.WAYS) {
            Map<String, Object> options = way.matches("(ties|dare|magnitude).*") ? Map.of("density", 1.0) : Map.of();
            try (Bench bench = new Bench();
                    Scope scope = bench.tensors().scope()) {
                Combination.Part<LoraConfig> part = part(bench, 1, 2, 6, 1);
                assertThat(product(combine(bench, way, options, part))).as(way).containsExactly(update(part), ROUNDING);
            }
        }
    }

    @Property(tries = 20)
    void concatenationIsTheWeightedSumOfUpdatesWhateverTheirRanks(
            @ForAll @IntRange(min = 1, max = 4) int rank,
            @ForAll @IntRange(min = 1, max = 4) int otherRank,
            @ForAll @DoubleRange(min = -2, max = 2) double weight) {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var one = part(bench, 1, rank, 6, weight);
            var other = part(bench, 2, otherRank, 3, 0.5);
            var result = combine(bench, "cat", Map.of(), one, other);

            assertThat(result.configuration().r()).isEqualTo(rank + otherRank);
            assertThat(result.configuration().scaling(MODULE)).isEqualTo(1);
            assertThat(product(result)).containsExactly(sum(one, other), ROUNDING);
        }
    }

    @Property(tries = 20)
    void aDecompositionOfFullRankIsTheWeightedSumOfUpdates(
            @ForAll @IntRange(min = 1, max = 4) int rank,
            @ForAll @IntRange(min = 1, max = 4) int otherRank,
            @ForAll @DoubleRange(min = -2, max = 2) double weight) {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var one = part(bench, 1, rank, 6, weight);
            var other = part(bench, 2, otherRank, 3, 0.5);
            var result = combine(bench, "svd", Map.of("svd_rank", OUT), one, other);

            assertThat(result.configuration().r()).isEqualTo(OUT);
            assertThat(product(result)).containsExactly(sum(one, other), ROUNDING);
        }
    }

    @Test
    void linearCombinationAddsFactorsWithTheRootsOfTheirWeights() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var one = part(bench, 1, 2, 6, -0.5);
            var other = part(bench, 2, 2, 3, 0.7);
            var result = combine(bench, "linear", Map.of(), one, other);
            double first = Math.sqrt(0.5 * 3);
            double second = Math.sqrt(0.7 * 1.5);

            assertThat(result.state().get(A).floats())
                    .containsExactly(weighted(one, other, A, -first, second), ROUNDING);
            assertThat(result.state().get(B).floats())
                    .containsExactly(weighted(one, other, B, first, second), ROUNDING);
        }
    }

    @Test
    void pruningByMagnitudeKeepsTheLargestElements() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var part = part(bench, 1, 2, 2, 1);
            float[] a = part.state().get(A).floats();
            float[] kept = combine(bench, "magnitude_prune", Map.of("density", 0.3), part)
                    .state()
                    .get(A)
                    .floats();

            assertThat(kept).containsExactly(largest(a, (int) (0.3 * a.length)), ROUNDING);
        }
    }

    @Test
    void tiesAverageWhatAgreesWithTheElectedSign() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            List<Combination.Part<LoraConfig>> parts =
                    List.of(part(bench, 1, 2, 2, 1), part(bench, 2, 2, 2, 0.25), part(bench, 3, 2, 2, 4));
            var total = combine(bench, "ties", Map.of("density", 0.6), parts);
            var frequency = combine(bench, "ties", Map.of("density", 0.6, "majority_sign_method", "frequency"), parts);

            for (String name : List.of(A, B)) {
                assertThat(total.state().get(name).floats()).containsExactly(ties(parts, name, false), ROUNDING);
                assertThat(frequency.state().get(name).floats()).containsExactly(ties(parts, name, true), ROUNDING);
            }
        }
    }

    @Test
    void pruningByChanceScalesWhatItKeepsAndIsRepeatable() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var part = part(bench, 1, 4, 4, 1);
            float[] a = part.state().get(A).floats();
            float[] kept = chosen(bench, part, 7);
            int count = 0;
            for (int i = 0; i < a.length; i++) {
                if (kept[i] != 0) {
                    assertThat(kept[i]).isCloseTo(2 * a[i], ROUNDING);
                    count++;
                }
            }
            assertThat(count).isBetween(1, a.length - 1);
            assertThat(kept).isEqualTo(chosen(bench, part, 7)).isNotEqualTo(chosen(bench, part, 8));
        }
    }

    private static float[] chosen(Bench bench, Combination.Part<LoraConfig> part, int seed) {
        return combine(bench, "dare_linear", Map.of("density", 0.5, "seed", seed), part)
                .state()
                .get(A)
                .floats();
    }

    @Test
    void modulesThatOnlyOneAdapterHasAreCombinedFromIt() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var one = part(bench, 1, 2, 6, 1);
            Map<String, Tensor> elsewhere = Map.of(
                    A.replace("q_proj", "v_proj"), one.state().get(A),
                    B.replace("q_proj", "v_proj"), one.state().get(B));
            var other = new Combination.Part<>(one.configuration(), elsewhere, 1);
            var result = combine(bench, "cat", Map.of(), one, other);

            assertThat(result.state()).hasSize(4);
            assertThat(product(result)).containsExactly(update(one), ROUNDING);
        }
    }

    @Test
    void mistakesAreNamedWithWhatIsAllowed() {
        assertRefused(
                "average",
                Map.of(),
                "adapters cannot be combined by 'average'; the ways are " + CombinationOptions.WAYS);
        assertRefused("ties", Map.of(), "density is not given; combining by 'ties' needs a number above 0 and up to 1");
        assertRefused(
                "dare_ties",
                Map.of("density", 1.5),
                "density is 1.5; combining by 'dare_ties' needs a number above 0 and up to 1");
        assertRefused(
                "ties",
                Map.of("density", 0.5, "majority_sign_method", "vote"),
                "majority_sign_method is 'vote'; it must be one of [total, frequency]");
        assertRefused(
                "svd",
                Map.of("rank", 3),
                "a combination has no key 'rank'; besides its way it has [density, majority_sign_method, svd_rank, seed]");
        assertRefused("svd", Map.of("svd_rank", 1.5), "svd_rank is 1.5; it must be a whole number from 1");
        assertRefused(
                "linear",
                Map.of(),
                "combining by 'linear' needs adapters of one rank, but for '" + MODULE
                        + "' they have ranks [2, 3]; cat and the ways that end in svd allow it");
    }

    @Test
    void whatIsMoreThanALowRankUpdateIsNotCombined() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            var one = part(bench, 1, 2, 6, 1);
            Map<String, Tensor> more = Map.of(
                    A,
                    one.state().get(A),
                    B,
                    one.state().get(B),
                    "base_model.model.lm_head.weight",
                    one.state().get(A));
            var part = new Combination.Part<>(one.configuration(), more, 1);
            assertThatThrownBy(() -> combine(bench, "cat", Map.of(), part))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(
                            "an adapter that holds 'base_model.model.lm_head.weight' cannot be combined with others;"
                                    + " only plain low-rank updates of weights can");
        }
    }

    private static void assertRefused(String way, Map<String, Object> options, String message) {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            assertThatThrownBy(() -> combine(bench, way, options, part(bench, 1, 2, 2, 1), part(bench, 2, 3, 2, 1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(message);
        }
    }

    private static Combination.Part<LoraConfig> part(Bench bench, long seed, int rank, double alpha, double weight) {
        RandomStream random = RandomStream.seeded(seed);
        var tensors = bench.tensors();
        var dtype = dev.graft.spi.engine.DType.FLOAT32;
        Map<String, Tensor> state = Map.of(
                A, tensors.normal(Shape.of(rank, IN), dtype, 0, 1, random),
                B, tensors.normal(Shape.of(OUT, rank), dtype, 0, 1, random));
        return new Combination.Part<>(
                LORA.bind(Map.of("r", rank, "lora_alpha", alpha, "target_modules", List.of("q_proj"))), state, weight);
    }

    private static Combination.Result<LoraConfig> combine(
            Bench bench, String way, Map<String, Object> options, Combination.Part<LoraConfig> part) {
        return combine(bench, way, options, List.of(part));
    }

    private static Combination.Result<LoraConfig> combine(
            Bench bench,
            String way,
            Map<String, Object> options,
            Combination.Part<LoraConfig> one,
            Combination.Part<LoraConfig> other) {
        return combine(bench, way, options, List.of(one, other));
    }

    private static Combination.Result<LoraConfig> combine(
            Bench bench, String way, Map<String, Object> options, List<Combination.Part<LoraConfig>> parts) {
        return new LoraProvider().combine(bench.tensors(), new Combination<>(parts, way, options));
    }

    private static float[] product(Combination.Result<LoraConfig> result) {
        return product(result.configuration(), result.state(), 1);
    }

    private static float[] update(Combination.Part<LoraConfig> part) {
        return product(part.configuration(), part.state(), part.weight());
    }

    private static float[] product(LoraConfig config, Map<String, Tensor> state, double weight) {
        float[] a = state.get(A).floats();
        float[] b = state.get(B).floats();
        int rank = a.length / IN;
        float[] product = new float[OUT * IN];
        for (int out = 0; out < OUT; out++) {
            for (int in = 0; in < IN; in++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += b[out * rank + r] * a[r * IN + in];
                }
                product[out * IN + in] = (float) (weight * config.scaling(MODULE) * sum);
            }
        }
        return product;
    }

    private static float[] sum(Combination.Part<LoraConfig> one, Combination.Part<LoraConfig> other) {
        float[] sum = update(one);
        float[] second = update(other);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += second[i];
        }
        return sum;
    }

    private static float[] weighted(
            Combination.Part<LoraConfig> one,
            Combination.Part<LoraConfig> other,
            String name,
            double weight,
            double otherWeight) {
        float[] first = one.state().get(name).floats();
        float[] second = other.state().get(name).floats();
        float[] result = new float[first.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (weight * first[i] + otherWeight * second[i]);
        }
        return result;
    }

    private static float[] largest(float[] values, int count) {
        float[] magnitudes = values.clone();
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(magnitudes[i]);
        }
        Arrays.sort(magnitudes);
        float threshold = magnitudes[magnitudes.length - count];
        float[] kept = values.clone();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Math.abs(kept[i]) >= threshold ? kept[i] : 0;
        }
        return kept;
    }

    /** Trim, elect, merge, element by element (Yadav et al. 2023, algorithm 1). */
    private static float[] ties(List<Combination.Part<LoraConfig>> parts, String name, boolean frequency) {
        List<float[]> trimmed = new ArrayList<>();
        for (Combination.Part<LoraConfig> part : parts) {
            float[] values = part.state().get(name).floats();
            trimmed.add(largest(values, (int) (0.6 * values.length)));
        }
        float[] merged = new float[trimmed.get(0).length];
        for (int i = 0; i < merged.length; i++) {
            double votes = 0;
            for (float[] task : trimmed) {
                votes += frequency ? Math.signum(task[i]) : task[i];
            }
            double sign = votes >= 0 ? 1 : -1;
            double sum = 0;
            int agreeing = 0;
            for (int task = 0; task < trimmed.size(); task++) {
                if (Math.signum(trimmed.get(task)[i]) == sign) {
                    sum += Math.sqrt(parts.get(task).weight()) * trimmed.get(task)[i];
                    agreeing++;
                }
            }
            merged[i] = (float) (sum / Math.max(agreeing, 1));
        }
        return merged;
    }
}
