package dev.graft.methods.ia3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.testing.Bench;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Combination;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightedScalingsTest {
    private static final Ia3Config CONFIG = new Ia3Config(null, null, null, null, true, List.of());

    @Test
    void theScalingsAreSummedByTheirWeights() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            Combination<Ia3Config> both = new Combination<>(
                    List.of(part(bench, "a.ia3_l", 0.25, 1, 2), part(bench, "a.ia3_l", 0.75, 3, 4)),
                    "linear",
                    Map.of());

            assertThat(new Ia3Provider()
                            .combine(bench.tensors(), both)
                            .state()
                            .get("a.ia3_l")
                            .floats())
                    .containsExactly(2.5f, 3.5f);
        }
    }

    @Test
    void whatCannotBeCombinedIsSaid() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            Combination.Part<Ia3Config> one = part(bench, "a.ia3_l", 1, 1, 2);
            refused(bench, new Combination<>(List.of(one, one), "ties", Map.of()), "found 'ties' with options []");
            refused(
                    bench,
                    new Combination<>(List.of(one, part(bench, "b.ia3_l", 1, 1, 2)), "linear", Map.of()),
                    "adapters that scale different layers cannot be combined");
            refused(
                    bench,
                    new Combination<>(List.of(one, part(bench, "a.ia3_l", 1, 1, 2, 3)), "linear", Map.of()),
                    "adapters of different shapes at 'a.ia3_l'");
            refused(
                    bench,
                    new Combination<>(List.of(part(bench, "score.weight", 1, 1)), "linear", Map.of()),
                    "modules trained in full cannot be combined, and these hold 'score.weight'");
        }
    }

    private static void refused(Bench bench, Combination<Ia3Config> combination, String message) {
        assertThatThrownBy(() -> new Ia3Provider().combine(bench.tensors(), combination))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    private static Combination.Part<Ia3Config> part(Bench bench, String name, double weight, float... factors) {
        Tensor tensor = bench.tensors().of(factors, Shape.of(factors.length, 1));
        return new Combination.Part<>(CONFIG, Map.of(name, tensor), weight);
    }
}
