package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElementGradientsTest {
    private static final long[][][] BROADCASTS = {
        {{3, 4}, {3, 4}},
        {{3, 4}, {4}},
        {{4}, {2, 3, 4}},
        {{3, 1}, {1, 4}},
        {{2, 1, 4}, {3, 1}},
        {{}, {2, 3}},
        {{1}, {1}},
        {{1, 1}, {5}},
        {{}, {}}
    };

    @ParameterizedTest
    @EnumSource(value = Unary.class, names = "SIGN", mode = EnumSource.Mode.EXCLUDE)
    void functionsOfOneArgument(Unary function) {
        new GradientCheck().argument(0.2, 3, 2, 5).check((tensors, x) -> x[0].apply(function));
    }

    @ParameterizedTest
    @EnumSource(
            value = Unary.class,
            names = {"SIGN", "LOG", "SQRT", "RSQRT"},
            mode = EnumSource.Mode.EXCLUDE)
    void functionsOfOneNegativeArgument(Unary function) {
        new GradientCheck().argument(-3, -0.2, 7).check((tensors, x) -> x[0].apply(function));
    }

    @Test
    void signCarriesNoGradient() {
        new GradientCheck()
                .argument(0.2, 3, 4)
                .check((tensors, x) -> x[0].apply(Unary.SIGN).add(x[0]));
    }

    static Stream<Arguments> broadcasts() {
        return Stream.of(Binary.values())
                .filter(function -> !function.isPredicate())
                .flatMap(function -> Stream.of(BROADCASTS).map(shapes -> Arguments.of(function, shapes[0], shapes[1])));
    }

    @ParameterizedTest
    @MethodSource("broadcasts")
    void functionsOfTwoArguments(Binary function, long[] left, long[] right) {
        new GradientCheck()
                .argument(0.3, 2, left)
                .argument(0.4, 2.5, right)
                .check((tensors, x) -> x[0].apply(function, x[1]));
    }

    @ParameterizedTest
    @EnumSource(
            value = Binary.class,
            names = {"ADD", "SUB", "MUL", "DIV", "MAX", "MIN", "POW"})
    void functionsWithANumber(Binary function) {
        new GradientCheck().argument(0.3, 3, 3, 4).check((tensors, x) -> x[0].apply(function, 1.7));
    }

    @Test
    void oneTensorUsedTwiceByOneOperation() {
        new GradientCheck()
                .argument(0.5, 2, 3)
                .check((tensors, x) -> x[0].mul(x[0]).sub(x[0].div(x[0].square())));
    }

    @Test
    void logSigmoid() {
        new GradientCheck().argument(-4, 4, 9).check((tensors, x) -> x[0].logSigmoid());
    }

    @Test
    void addScaled() {
        new GradientCheck().argument(-1, 1, 2, 3).argument(-1, 1, 3).check((tensors, x) -> x[0].addScaled(x[1], -2.5));
    }

    @Test
    void addScaledThatStretchesTheFirst() {
        new GradientCheck().argument(-1, 1, 3).argument(-1, 1, 2, 3).check((tensors, x) -> x[0].addScaled(x[1], 0.5));
    }

    @Test
    void gatedSilu() {
        new GradientCheck().argument(-3, 3, 2, 5).argument(-2, 2, 2, 5).check((tensors, x) -> x[0].gatedSilu(x[1]));
    }

    @Test
    void clampPassesTheGradientOnlyInside() {
        new GradientCheck().argument(Shape.of(5), -2, -0.9, 0, 0.7, 3).check((tensors, x) -> x[0].clamp(-1, 0.8));
    }

    @Test
    void whereBroadcastsAllThree() {
        new GradientCheck().argument(-1, 1, 3, 1).argument(-1, 1, 4).check((tensors, x) -> {
            var condition = tensors.of(new long[] {1, 0, 1, 1, 0, 0, 1, 0}, Shape.of(2, 1, 4));
            return x[0].where(condition.apply(Binary.NE, 0), x[1]);
        });
    }

    @Test
    void dropoutWithTheSameNumbers() {
        new GradientCheck().argument(-1, 1, 4, 6).check((tensors, x) -> x[0].dropout(0.4, RandomStream.seeded(3)));
    }
}
