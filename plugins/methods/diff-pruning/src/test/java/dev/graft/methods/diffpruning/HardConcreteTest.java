package dev.graft.methods.diffpruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.testing.Bench;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HardConcreteTest {
    private static final int ELEMENTS = 24;

    private static final HardConcrete PAPER = new HardConcrete(1, -1.5, 1.5);

    /** The stretch and temperature of Louizos et al., whose bias log(-low / high) is not 0. */
    private static final HardConcrete LOUIZOS = new HardConcrete(2.0 / 3, -0.1, 1.1);

    @Test
    void settledGatesAreTheStretchedSigmoidCutToTheUnitInterval() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            Tensor logAlpha = bench.tensors().of(new float[] {-5, -0.2f, 0, 0.2f, 0.5f, 5}, Shape.of(6));
            float[] settled = PAPER.settled(logAlpha).floats();
            assertThat(settled[0]).isZero();
            assertThat(settled[2]).isEqualTo(0);
            assertThat(settled[3]).isCloseTo((float) (3 / (1 + Math.exp(-0.2)) - 1.5), within(1e-6f));
            assertThat(settled[4]).isCloseTo((float) (3 / (1 + Math.exp(-0.5)) - 1.5), within(1e-6f));
            assertThat(settled[5]).isEqualTo(1);
        }
    }

    @Test
    void drawnGatesAreOpenAsOftenAsTheFormulaSays() {
        for (HardConcrete gates : List.of(PAPER, LOUIZOS)) {
            for (double logAlpha : new double[] {-2, -0.5, 0, 1}) {
                try (Bench bench = new Bench();
                        Scope scope = bench.tensors().scope()) {
                    GraftTensors tensors = bench.tensors();
                    Tensor same = tensors.full(Shape.of(40000), DType.FLOAT32, logAlpha);
                    float[] drawn =
                            gates.drawn(tensors, same, RandomStream.seeded(1)).floats();
                    int open = 0;
                    for (float gate : drawn) {
                        assertThat(gate).isBetween(0f, 1f);
                        open += gate > 0 ? 1 : 0;
                    }
                    double expected = gates.open(same).mean().item();
                    assertThat(open / 40000.0).isCloseTo(expected, within(0.01));
                    assertThat(expected)
                            .isCloseTo(
                                    1
                                            / (1
                                                    + Math.exp(-logAlpha
                                                            + gates.temperature()
                                                                    * Math.log(-gates.low() / gates.high()))),
                                    within(1e-5));
                    assertThat(drawn).contains(0f, 1f);
                }
            }
        }
    }

    @Test
    void gradientsReachLogAlphaThroughTheDraw() {
        for (HardConcrete gates : List.of(PAPER, LOUIZOS)) {
            double[] at = new double[ELEMENTS];
            for (int i = 0; i < ELEMENTS; i++) {
                at[i] = 0.1 * i - 1;
            }
            try (Bench bench = new Bench()) {
                double[] differences = new double[at.length];
                for (int i = 0; i < at.length; i++) {
                    double[] above = at.clone();
                    double[] below = at.clone();
                    above[i] += 1e-6;
                    below[i] -= 1e-6;
                    differences[i] = (sum(bench, gates, above) - sum(bench, gates, below)) / 2e-6;
                }
                assertThat(gradient(bench, gates, at)).containsExactly(differences, within(1e-5));
                assertThat(Arrays.stream(differences)).anyMatch(difference -> difference > 0.01);
            }
        }
    }

    private static Tensor weighted(Bench bench, HardConcrete gates, Tensor logAlpha) {
        Tensor weights = bench.tensors().range(0, ELEMENTS).cast(DType.FLOAT64);
        return gates.drawn(bench.tensors(), logAlpha, RandomStream.seeded(3))
                .mul(weights)
                .sum();
    }

    private static double sum(Bench bench, HardConcrete gates, double[] at) {
        try (Scope scope = bench.tensors().scope()) {
            return weighted(bench, gates, bench.tensors().of(at, Shape.of(ELEMENTS)))
                    .item();
        }
    }

    private static double[] gradient(Bench bench, HardConcrete gates, double[] at) {
        try (Array array = bench.engine().of(at, Shape.of(ELEMENTS));
                Scope scope = bench.tensors().scope()) {
            Tensor leaf = bench.tensors().leaf(array);
            try (var gradients = bench.tensors().backward(weighted(bench, gates, leaf), List.of(leaf))) {
                float[] values = bench.tensors().wrap(gradients.take(leaf)).floats();
                double[] gradient = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    gradient[i] = values[i];
                }
                return gradient;
            }
        }
    }
}
