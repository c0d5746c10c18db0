package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void functionsOfOneArgumentMatchTheirFormula(Unary function) {
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16}) {
            Grid x = argument(function, 3, 1, 7);
            try (Array a = x.to(engine, dtype)) {
                Grid y = Grid.take(engine, engine.unary(function, a));
                y.assertClose(x.map(v -> value(function, v)), Grid.tolerance(dtype));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void derivativesMatchCentralDifferences(Unary function) {
        Grid x = argument(function, 2, 9);
        Grid gradient = Grid.random(7, 2, 9);
        try (Array a = x.to(engine);
                Array g = gradient.to(engine);
                Array y = engine.unary(function, a)) {
            Grid result = Grid.take(engine, engine.unaryBackward(function, g, a, y));
            Grid slope = x.map(v -> (value(function, v + 1e-6) - value(function, v - 1e-6)) / 2e-6);
            result.assertClose(slope.combine(gradient, (s, d) -> s * d), 1e-7);
        }
    }

    @Test
    void kinksHaveGradientZero() {
        try (Array zero = Grid.of(Shape.of(1), 0).to(engine);
                Array one = Grid.of(Shape.of(1), 1).to(engine)) {
            for (Unary function : new Unary[] {Unary.ABS, Unary.RELU, Unary.SIGN}) {
                Grid g = Grid.take(engine, engine.unaryBackward(function, one, zero, zero));
                assertThat(g.values()).containsExactly(0);
            }
        }
    }

    @Test
    void softplusNeitherOverflowsNorLosesItsTail() {
        try (Array x = Grid.of(Shape.of(3), -40, 30, 1000).to(engine)) {
            Grid y = Grid.take(engine, engine.unary(Unary.SOFTPLUS, x));
            y.assertClose(Grid.of(Shape.of(3), Math.exp(-40), 30 + Math.log1p(Math.exp(-30)), 1000), 1e-15);
        }
    }

    static Stream<long[][]> broadcasts() {
        return Stream.of(new long[][][] {
            {{2, 3}, {2, 3}},
            {{2, 3}, {3}},
            {{2, 1, 4}, {3, 1}},
            {{}, {2, 2}},
            {{5}, {}},
            {{1}, {4, 0, 1}},
            {{0, 3}, {1, 3}},
            {{4, 1}, {1, 4}}
        });
    }

    @ParameterizedTest
    @MethodSource("broadcasts")
    void operandsBroadcast(long[][] sizes) {
        Grid a = Grid.random(1, sizes[0]);
        Grid b = Grid.random(2, sizes[1]).map(v -> v == 0 ? 0.5 : v);
        try (Array left = a.to(engine);
                Array right = b.to(engine)) {
            for (Binary function : Binary.values()) {
                if (function == Binary.POW || function == Binary.AND || function == Binary.OR) {
                    continue;
                }
                try (Array y = engine.binary(function, left, right)) {
                    assertThat(y.dtype()).isEqualTo(function.isPredicate() ? DType.BOOL : DType.FLOAT64);
                    Grid.from(engine, y).assertClose(a.combine(b, (l, r) -> value(function, l, r)), 1e-12);
                }
            }
        }
    }

    @Test
    void powersAndNumbersMatchTheirFormula() {
        Grid a = Grid.random(3, 4, 5).map(v -> Math.abs(v) + 0.5);
        Grid b = Grid.random(4, 4, 5);
        try (Array left = a.to(engine, DType.FLOAT32);
                Array right = b.to(engine, DType.FLOAT32)) {
            Grid.take(engine, engine.binary(Binary.POW, left, right)).assertClose(a.combine(b, Math::pow), 1e-5);
            for (Binary function : Binary.values()) {
                if (function == Binary.AND || function == Binary.OR) {
                    continue;
                }
                Grid.take(engine, engine.binary(function, left, 1.5))
                        .assertClose(a.map(v -> value(function, v, 1.5)), 1e-5);
            }
        }
    }

    @Test
    void truthValuesCombine() {
        Grid a = Grid.of(Shape.of(4), 0, 0, 1, 1);
        Grid b = Grid.of(Shape.of(4), 0, 1, 0, 1);
        try (Array left = a.to(engine, DType.BOOL);
                Array right = b.to(engine, DType.BOOL)) {
            assertThat(Grid.take(engine, engine.binary(Binary.AND, left, right)).values())
                    .containsExactly(0, 0, 0, 1);
            assertThat(Grid.take(engine, engine.binary(Binary.OR, left, right)).values())
                    .containsExactly(0, 1, 1, 1);
        }
    }

    @Test
    void integersStayExact() {
        long large = (1L << 60) + 3;
        try (Array x = engine.of(new long[] {large}, Shape.of(1));
                Array y = engine.binary(Binary.ADD, x, 4)) {
            assertThat(y.dtype()).isEqualTo(DType.INT64);
            try (Array same = engine.of(new long[] {large + 4}, Shape.of(1));
                    Array equal = engine.binary(Binary.EQ, y, same)) {
                assertThat(Grid.from(engine, equal).values()).containsExactly(1);
            }
        }
    }

    @Test
    void whereBroadcastsAllThree() {
        Grid condition = Grid.of(Shape.of(2, 1), 1, 0);
        Grid a = Grid.random(5, 3);
        Grid b = Grid.random(6, 2, 3);
        try (Array c = condition.to(engine, DType.BOOL);
                Array left = a.to(engine);
                Array right = b.to(engine)) {
            Grid expected =
                    Grid.computed(Shape.of(2, 3), p -> condition.stretched(p) == 1 ? a.stretched(p) : b.stretched(p));
            Grid.take(engine, engine.where(c, left, right)).assertClose(expected, 0);
        }
    }

    @Test
    void castingToTheSameDTypeSharesElementsAndCopyingDoesNot() {
        try (Array x = Grid.random(8, 3).to(engine);
                Array shared = engine.cast(x, DType.FLOAT64);
                Array copy = engine.copy(x)) {
            Grid before = Grid.from(engine, x);
            engine.scaleInPlace(x, 3);
            Grid.from(engine, shared).assertClose(before.map(v -> 3 * v), 1e-15);
            Grid.from(engine, copy).assertClose(before, 0);
        }
    }

    @Test
    void everyDTypeCastsToEveryOther() {
        Grid values = Grid.of(Shape.of(3), 0, 1, 5);
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                try (Array x = values.to(engine, from);
                        Array y = engine.cast(x, to)) {
                    boolean truth = from == DType.BOOL || to == DType.BOOL;
                    assertThat(y.dtype()).isEqualTo(to);
                    assertThat(Grid.from(engine, y).values()).containsExactly(0, 1, truth ? 1 : 5);
                }
            }
        }
    }

    @Test
    void inPlaceOperationsChangeTheirTarget() {
        Grid target = Grid.random(9, 2, 3);
        Grid row = Grid.random(10, 3);
        try (Array t = target.to(engine, DType.FLOAT32);
                Array r = row.to(engine, DType.FLOAT32);
                Array source = row.to(engine, DType.BFLOAT16)) {
            engine.addInPlace(t, r, 1);
            engine.addInPlace(t, r, -0.5);
            Grid.from(engine, t).assertClose(target.combine(row, (a, b) -> a + 0.5 * b), 1e-6);
            engine.copyInPlace(t, source);
            Grid.from(engine, t).assertClose(target.combine(row, (a, b) -> b), 0);
        }
    }

    @Test
    void gatedSiluAndItsGradientsMatchTheirFormula() {
        Grid gate = Grid.random(11, 3, 5);
        Grid up = Grid.random(12, 3, 5);
        Grid gradient = Grid.random(13, 3, 5);
        try (Array g = gate.to(engine);
                Array u = up.to(engine);
                Array d = gradient.to(engine)) {
            Grid y = Grid.take(engine, engine.gatedSilu(g, u));
            y.assertClose(gate.combine(up, (a, b) -> value(Unary.SILU, a) * b), 1e-12);
            Array[] back = engine.gatedSiluBackward(d, g, u);
            Grid.take(engine, back[0]).assertClose(gate.differences(x -> gatedSum(x, up, gradient)), 1e-7);
            Grid.take(engine, back[1]).assertClose(up.differences(x -> gatedSum(gate, x, gradient)), 1e-7);
        }
    }

    private static double gatedSum(Grid gate, Grid up, Grid gradient) {
        return gate.combine(up, (a, b) -> value(Unary.SILU, a) * b).dot(gradient);
    }

    @Test
    void unfitOperandsAreNamed() {
        try (Array a = Grid.random(1, 2, 3).to(engine);
                Array b = Grid.random(1, 2).to(engine);
                Array f = Grid.random(1, 2, 3).to(engine, DType.FLOAT32);
                Array n = engine.of(new long[] {1}, Shape.of(1))) {
            assertThatThrownBy(() -> engine.binary(Binary.ADD, a, b))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("shapes [2, 3] and [2] do not broadcast");
            assertThatThrownBy(() -> engine.binary(Binary.ADD, a, f))
                    .hasMessage("ADD: operands hold FLOAT64 and FLOAT32 elements, but must hold the same");
            assertThatThrownBy(() -> engine.unary(Unary.EXP, n))
                    .hasMessage("EXP: the operand holds INT64 elements, but must hold floating-point numbers");
        }
    }

    private static Grid argument(Unary function, long... sizes) {
        Grid x = Grid.random(function.name().length(), sizes).map(v -> v == 0 ? 0.25 : v);
        return switch (function) {
            case LOG, SQRT, RSQRT -> x.map(v -> Math.abs(v) + 0.5);
            case RECIPROCAL -> x.map(v -> Math.signum(v) * (Math.abs(v) + 0.5));
            default -> x;
        };
    }

    private static double value(Unary function, double x) {
        return switch (function) {
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case RELU -> Math.max(x, 0);
            case SILU -> x / (1 + Math.exp(-x));
            case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        };
    }

    private static double value(Binary function, double a, double b) {
        return switch (function) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case POW -> Math.pow(a, b);
            case EQ -> a == b ? 1 : 0;
            case NE -> a != b ? 1 : 0;
            case LT -> a < b ? 1 : 0;
            case LE -> a <= b ? 1 : 0;
            case GT -> a > b ? 1 : 0;
            case GE -> a >= b ? 1 : 0;
            case AND, OR -> throw new IllegalArgumentException("not a function of numbers");
        };
    }

    /** The error function's Maclaurin series. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
