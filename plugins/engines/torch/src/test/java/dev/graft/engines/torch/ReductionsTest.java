package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReductionsTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));
    private final Grid x = Grid.random(1, 3, 4, 5);

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void axesFoldAway(Reduction reduction) {
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16}) {
            double tolerance = Grid.tolerance(dtype);
            try (Array a = x.to(engine, dtype)) {
                Grid expected = Grid.computed(Shape.of(3, 1, 5), p -> folded(reduction, p[0], p[2]));
                Grid.take(engine, engine.reduce(reduction, a, new int[] {1}, true))
                        .assertClose(expected, tolerance);
                Grid.take(engine, engine.reduce(reduction, a, new int[] {-2}, false))
                        .assertClose(expected.reshaped(3, 5), tolerance);
                try (Array all = engine.reduce(reduction, a, new int[0], false)) {
                    assertThat(all.shape()).isEqualTo(Shape.of());
                    assertThat(all.dtype()).isEqualTo(dtype);
                }
            }
        }
    }

    private double folded(Reduction reduction, long row, long column) {
        double[] values = new double[4];
        for (int i = 0; i < 4; i++) {
            values[i] = x.at(row, i, column);
        }
        var stream = java.util.Arrays.stream(values);
        return switch (reduction) {
            case SUM -> stream.sum();
            case MEAN -> stream.average().orElseThrow();
            case MAX -> stream.max().orElseThrow();
            case MIN -> stream.min().orElseThrow();
        };
    }

    @Test
    void foldingNothingGivesSumZeroMeanNaNAndNoExtremum() {
        try (Array none = Grid.random(1, 0, 3).to(engine)) {
            assertThat(Grid.take(engine, engine.reduce(Reduction.SUM, none, new int[] {0}, false))
                            .values())
                    .containsExactly(0, 0, 0);
            assertThat(Grid.take(engine, engine.reduce(Reduction.MEAN, none, new int[] {0}, false))
                            .values())
                    .containsExactly(Double.NaN, Double.NaN, Double.NaN);
            assertThatThrownBy(() -> engine.reduce(Reduction.MAX, none, new int[] {0}, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("MAX: ")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void sumsOfIntegersAndTruthValuesAreIntegers() {
        try (Array ints = engine.full(Shape.of(5), DType.INT32, 3);
                Array truths = engine.full(Shape.of(5), DType.BOOL, 1);
                Array sum = engine.reduce(Reduction.SUM, ints, new int[0], false);
                Array count = engine.reduce(Reduction.SUM, truths, new int[0], false)) {
            assertThat(sum.dtype()).isEqualTo(DType.INT32);
            assertThat(count.dtype()).isEqualTo(DType.INT64);
            assertThat(Grid.from(engine, sum).values()).containsExactly(15);
            assertThat(Grid.from(engine, count).values()).containsExactly(5);
        }
    }

    @Test
    void scalarsFoldToThemselves() {
        try (Array scalar = engine.full(Shape.of(), DType.FLOAT32, 4);
                Array sum = engine.reduce(Reduction.SUM, scalar, new int[0], false)) {
            engine.scaleInPlace(sum, 2);
            assertThat(Grid.from(engine, scalar).values()).containsExactly(4);
        }
    }

    @Test
    void argMaxFindsTheFirst() {
        Grid ties = Grid.of(Shape.of(2, 4), 1, 7, 7, 2, 5, 5, 5, 5);
        try (Array a = ties.to(engine, DType.FLOAT32);
                Array index = engine.argMax(a, -1)) {
            assertThat(index.dtype()).isEqualTo(DType.INT64);
            assertThat(Grid.from(engine, index).values()).containsExactly(1, 0);
        }
    }

    @Test
    void runningSumsRunAlongTheirAxis() {
        try (Array a = x.to(engine)) {
            Grid expected = Grid.computed(x.shape(), p -> {
                double sum = 0;
                for (int i = 0; i <= p[1]; i++) {
                    sum += x.at(p[0], i, p[2]);
                }
                return sum;
            });
            Grid.take(engine, engine.cumulativeSum(a, 1)).assertClose(expected, 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-1"})
    void softmaxAndItsLogarithmMatchTheirFormulaAndGradients(int axis) {
        Grid gradient = Grid.random(2, 3, 4, 5);
        int along = x.shape().axis(axis);
        try (Array a = x.to(engine);
                Array g = gradient.to(engine);
                Array y = engine.softmax(a, axis);
                Array z = engine.logSoftmax(a, axis)) {
            Grid.from(engine, y).assertClose(softmax(x, along), 1e-12);
            Grid.from(engine, z).assertClose(softmax(x, along).map(Math::log), 1e-12);
            Grid.take(engine, engine.softmaxBackward(g, y, axis))
                    .assertClose(x.differences(v -> softmax(v, along).dot(gradient)), 1e-7);
            Grid.take(engine, engine.logSoftmaxBackward(g, z, axis))
                    .assertClose(
                            x.differences(v -> softmax(v, along).map(Math::log).dot(gradient)), 1e-7);
        }
    }

    private static Grid softmax(Grid x, int axis) {
        Grid exponentials = x.map(Math::exp);
        return Grid.computed(x.shape(), p -> {
            double sum = 0;
            long[] other = p.clone();
            for (int i = 0; i < x.shape().size(axis); i++) {
                other[axis] = i;
                sum += exponentials.at(other);
            }
            return exponentials.at(p) / sum;
        });
    }

    @Test
    void infinitiesAndNaNsAreFound() {
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16}) {
            for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1}) {
                try (Array a = x.with(7, value).to(engine, dtype)) {
                    assertThat(engine.allFinite(a)).isEqualTo(value == 1);
                }
            }
        }
    }

    @Test
    void sumsOfSquaresDoNotOverflowTheirDType() {
        try (Array big = engine.full(Shape.of(2, 8), DType.FLOAT16, 60000);
                Array small = x.to(engine, DType.FLOAT32);
                Array none = engine.empty(Shape.of(0), DType.FLOAT32)) {
            assertThat(engine.sumOfSquares(big)).isCloseTo(16 * 60000.0 * 60000.0, within(1e9));
            assertThat(engine.sumOfSquares(small)).isCloseTo(x.dot(x), within(1e-9));
            assertThat(engine.sumOfSquares(none)).isZero();
        }
    }
}
