package dev.graft.objectives.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.testing.Bench;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClippedLossTest {
    private static final ClippedLoss LOSS = new ClippedLoss(0.2, 0.3);

    /** Log-probability ratios: small, clipped above, clipped below, of a token that does not count. */
    private static final double[] CHANGES = {0.05, 0.5, -0.6, 0.4};

    private static final double[] ADVANTAGES = {1.5, 2, -1, 3};
    private static final double[] MASK = {1, 1, 1, 0};

    private static ClippedLoss.Sums sums(GraftTensors tensors, double[] changes, double[] values) {
        Function<double[], Tensor> row = numbers -> tensors.of(numbers, Shape.of(1, numbers.length));
        ClippedLoss.Recorded recorded = new ClippedLoss.Recorded(
                row.apply(new double[4]),
                row.apply(new double[] {0.1, -0.2, 0.3, 0}),
                row.apply(ADVANTAGES),
                row.apply(new double[] {1, 1, -1, 5}),
                row.apply(MASK));
        return LOSS.of(recorded, row.apply(changes), row.apply(values));
    }

    @Test
    void theWorseOfClippedAndUnclippedCounts() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            ClippedLoss.Sums sums = sums(bench.tensors(), CHANGES, new double[] {0.2, 1, -0.5, 9});

            double policy = -1.5 * Math.exp(0.05) - 2 * 1.2 + 0.8;
            double value = 0.5 * (0.8 * 0.8 + 0.9 * 0.9 + 1);
            assertThat(sums.policy().item()).isCloseTo(policy, within(1e-6));
            assertThat(sums.value().item()).isCloseTo(value, within(1e-6));
            assertThat(sums.clipped().item()).isEqualTo(2);
            assertThat(sums.divergence().item()).isCloseTo(0.5 * (0.0025 + 0.25 + 0.36), within(1e-6));
        }
    }

    @Test
    void tokensThatAreClippedOrDoNotCountHaveNoGradient() {
        try (Bench bench = new Bench();
                Array changes = bench.engine().of(CHANGES, Shape.of(1, 4))) {
            GraftTensors tensors = bench.tensors();
            Tensor leaf = tensors.leaf(changes);
            try (Scope scope = tensors.scope()) {
                Function<double[], Tensor> row = numbers -> tensors.of(numbers, Shape.of(1, numbers.length));
                ClippedLoss.Recorded recorded = new ClippedLoss.Recorded(
                        row.apply(new double[4]),
                        row.apply(new double[4]),
                        row.apply(ADVANTAGES),
                        row.apply(new double[4]),
                        row.apply(MASK));
                Tensor policy =
                        LOSS.of(recorded, leaf, row.apply(new double[4])).policy();
                try (Gradients gradients = tensors.backward(policy, List.of(leaf))) {
                    float[] gradient = tensors.wrap(gradients.take(leaf))
                            .cast(DType.FLOAT32)
                            .floats();
                    assertThat(gradient[0]).isCloseTo((float) (-1.5 * Math.exp(0.05)), within(1e-6f));
                    assertThat(gradient[1]).isZero();
                    assertThat(gradient[2]).isZero();
                    assertThat(gradient[3]).isZero();
                }
            }
        }
    }
}
