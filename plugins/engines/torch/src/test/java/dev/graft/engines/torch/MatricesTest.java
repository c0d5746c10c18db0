package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatricesTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void productsTransposeAndBroadcast(boolean transposeA, boolean transposeB) {
        Grid a = transposeA ? Grid.random(1, 2, 1, 4, 3) : Grid.random(1, 2, 1, 3, 4);
        Grid b = transposeB ? Grid.random(2, 5, 6, 4) : Grid.random(2, 5, 4, 6);
        Grid expected = Grid.computed(Shape.of(2, 5, 3, 6), p -> {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                double left = transposeA ? a.at(p[0], 0, i, p[2]) : a.at(p[0], 0, p[2], i);
                double right = transposeB ? b.at(p[1], p[3], i) : b.at(p[1], i, p[3]);
                sum += left * right;
            }
            return sum;
        });
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16}) {
            try (Array left = a.to(engine, dtype);
                    Array right = b.to(engine, dtype)) {
                Grid.take(engine, engine.matmul(left, right, transposeA, transposeB))
                        .assertClose(expected, Grid.tolerance(dtype));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 3", "3, 0, 2", "1, 1, 1"})
    void emptyAndTinyProductsWork(long rows, long inner, long columns) {
        Grid a = Grid.random(1, rows, inner);
        Grid b = Grid.random(2, inner, columns);
        try (Array left = a.to(engine);
                Array right = b.to(engine)) {
            Grid.take(engine, engine.matmul(left, right, false, false)).assertClose(product(a, b), 1e-12);
        }
    }

    @Test
    void productsAccumulateInPlace() {
        Grid target = Grid.random(3, 4, 5);
        Grid a = Grid.random(4, 6, 4);
        Grid b = Grid.random(5, 5, 6);
        Grid product = Grid.computed(Shape.of(4, 5), p -> {
            double sum = 0;
            for (int i = 0; i < 6; i++) {
                sum += a.at(i, p[0]) * b.at(p[1], i);
            }
            return sum;
        });
        try (Array t = target.to(engine);
                Array left = a.to(engine);
                Array right = b.to(engine)) {
            engine.matmulInPlace(t, left, right, true, true, 0.5, 2);
            Grid.from(engine, t).assertClose(target.combine(product, (x, y) -> 2 * x + 0.5 * y), 1e-12);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16", "FLOAT16"})
    void frozenWeightsMultiplyBothWays(DType dtype) {
        Grid weight = Grid.random(6, 33, 17);
        Grid bias = Grid.random(7, 33);
        for (long rows : new long[] {1, 2, 9, 64, 0}) {
            Grid x = Grid.random(rows, rows, 17);
            Grid gradient = Grid.random(rows + 1, rows, 33);
            try (FrozenMatrix frozen = freeze(weight, dtype, false);
                    Array input = x.to(engine, dtype);
                    Array offset = bias.to(engine, dtype);
                    Array back = gradient.to(engine, dtype)) {
                assertThat(frozen.inputs()).isEqualTo(17);
                assertThat(frozen.outputs()).isEqualTo(33);
                assertThat(frozen.dtype()).isEqualTo(dtype);
                Grid expected = product(x, transposed(weight));
                Grid.take(engine, engine.linear(input, frozen, null)).assertClose(expected, Grid.tolerance(dtype));
                Grid.take(engine, engine.linear(input, frozen, offset))
                        .assertClose(expected.combine(bias, Double::sum), Grid.tolerance(dtype));
                Grid.take(engine, engine.linearInputGradient(back, frozen))
                        .assertClose(product(gradient, weight), 2 * Grid.tolerance(dtype));
            }
        }
    }

    @Test
    void inputMajorWeightsAreTransposed() {
        Grid weight = Grid.random(8, 12, 20);
        Grid x = Grid.random(9, 2, 3, 12);
        try (FrozenMatrix frozen = freeze(weight, DType.FLOAT32, true);
                Array input = x.to(engine, DType.FLOAT32)) {
            assertThat(frozen.inputs()).isEqualTo(12);
            Grid expected = product(x.reshaped(6, 12), weight).reshaped(2, 3, 20);
            Grid.take(engine, engine.linear(input, frozen, null)).assertClose(expected, 1e-5);
        }
    }

    @Test
    void narrowWeightsAreUsedInTheDTypeOfTheInput() {
        Grid weight = Grid.random(10, 5, 7);
        Grid x = Grid.random(11, 4, 7).map(v -> v + 1e-4);
        Grid gradient = Grid.random(12, 4, 5).map(v -> v + 1e-4);
        try (FrozenMatrix frozen = freeze(weight, DType.BFLOAT16, false);
                Array input = x.to(engine, DType.FLOAT32);
                Array back = gradient.to(engine, DType.FLOAT32);
                Array y = engine.linear(input, frozen, null);
                Array d = engine.linearInputGradient(back, frozen)) {
            assertThat(y.dtype()).isEqualTo(DType.FLOAT32);
            Grid.from(engine, y).assertClose(product(x, transposed(weight)), 1e-5);
            Grid.from(engine, d).assertClose(product(gradient, weight), 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT64", "FLOAT32", "BFLOAT16", "FLOAT16"})
    void aThawedWeightIsTheFrozenOneToTheBitInEitherOrientation(DType dtype) {
        for (boolean inputMajor : new boolean[] {false, true}) {
            try (Array weight = Grid.random(21, 37, 53).to(engine, dtype);
                    FrozenMatrix frozen = engine.freeze(weight, inputMajor);
                    Array thawed = engine.thaw(frozen, inputMajor);
                    Array turned = engine.thaw(frozen, !inputMajor)) {
                assertThat(thawed.dtype()).isEqualTo(dtype);
                Grid.from(engine, thawed).assertClose(Grid.from(engine, weight), 0);
                Grid.from(engine, turned).assertClose(transposed(Grid.from(engine, weight)), 0);
                engine.scaleInPlace(thawed, 2);
                engine.scaleInPlace(turned, 2);
                Grid.take(engine, engine.thaw(frozen, inputMajor)).assertClose(Grid.from(engine, weight), 0);
            }
        }
    }

    @Test
    void aFrozenMatrixOutlivesTheArrayItWasMadeFrom() {
        Grid weight = Grid.random(13, 40, 24);
        Grid x = Grid.random(14, 3, 24);
        FrozenMatrix frozen = freeze(weight, DType.FLOAT32, false);
        try (Array input = x.to(engine, DType.FLOAT32)) {
            assertThat(engine.liveArrays()).isEqualTo(2);
            Grid.take(engine, engine.linear(input, frozen, null)).assertClose(product(x, transposed(weight)), 1e-5);
            frozen.close();
            frozen.close();
            assertThatThrownBy(() -> engine.linear(input, frozen, null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a frozen matrix of shape [40, 24] is used after it was closed");
        }
    }

    @Test
    void singularVectorsPutAMatrixBackTogether() {
        Grid x = Grid.random(15, 6, 4);
        try (Array a = x.to(engine)) {
            Array[] parts = engine.svd(a);
            Grid u = Grid.take(engine, parts[0]);
            Grid s = Grid.take(engine, parts[1]);
            Grid v = Grid.take(engine, parts[2]);
            assertThat(s.values()).isSortedAccordingTo((l, r) -> Double.compare(r, l));
            product(u.combine(s, (p, q) -> p * q), v).assertClose(x, 1e-10);
            product(transposed(u), u).assertClose(Grid.computed(Shape.of(4, 4), p -> p[0] == p[1] ? 1 : 0), 1e-10);
        }
    }

    @Test
    void unfitOperandsAreNamed() {
        try (Array a = Grid.random(1, 2, 3).to(engine);
                Array vector = Grid.random(1, 3).to(engine);
                FrozenMatrix frozen = freeze(Grid.random(1, 5, 4), DType.FLOAT64, false)) {
            assertThatThrownBy(() -> engine.matmul(a, a, false, false))
                    .hasMessage("matmul: shapes [2, 3] and [2, 3] do not multiply, their inner extents differ");
            assertThatThrownBy(() -> engine.matmul(a, vector, false, false))
                    .hasMessage(
                            "matmul: shapes [2, 3] and [3] were given, but both operands must have two axes at least");
            assertThatThrownBy(() -> engine.linear(a, frozen, null))
                    .hasMessage("linear: the last extent of the input is 3, but must be 4");
            assertThatThrownBy(() -> engine.freeze(vector, false))
                    .hasMessage("freeze: an array of shape [3] was given, but it must have 2 axes");
        }
    }

    private FrozenMatrix freeze(Grid weight, DType dtype, boolean inputMajor) {
        try (Array array = weight.to(engine, dtype)) {
            return engine.freeze(array, inputMajor);
        }
    }

    private static Grid transposed(Grid x) {
        return Grid.computed(Shape.of(x.shape().size(1), x.shape().size(0)), p -> x.at(p[1], p[0]));
    }

    private static Grid product(Grid a, Grid b) {
        return Grid.computed(Shape.of(a.shape().size(0), b.shape().size(1)), p -> {
            double sum = 0;
            for (int i = 0; i < a.shape().size(1); i++) {
                sum += a.at(p[0], i) * b.at(i, p[1]);
            }
            return sum;
        });
    }
}
