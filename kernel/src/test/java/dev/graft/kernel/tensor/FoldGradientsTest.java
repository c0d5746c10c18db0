package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FoldGradientsTest {
    static Stream<Arguments> reductions() {
        int[][] axes = {{}, {0}, {-1}, {1, 2}, {0, -1}, {0, 1, 2}};
        return Stream.of(Reduction.values())
                .flatMap(reduction -> Stream.of(axes)
                        .flatMap(chosen -> Stream.of(true, false).map(keep -> Arguments.of(reduction, keep, chosen))));
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void reductions(Reduction reduction, boolean keep, int[] axes) {
        new GradientCheck().argument(-2, 2, 2, 3, 4).check((tensors, x) -> x[0].reduce(reduction, keep, axes));
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void reductionsOverAxesOfExtentOne(Reduction reduction, boolean keep, int[] axes) {
        new GradientCheck().argument(-2, 2, 1, 3, 1).check((tensors, x) -> x[0].reduce(reduction, keep, axes));
    }

    @Test
    void aScalarReducesToItself() {
        new GradientCheck().argument(1, 2).check((tensors, x) -> x[0].sum().add(x[0].mean()));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-1"})
    void softmax(int axis) {
        new GradientCheck().argument(-3, 3, 2, 3, 4).check((tensors, x) -> x[0].softmax(axis));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-1"})
    void logSoftmax(int axis) {
        new GradientCheck().argument(-3, 3, 2, 3, 4).check((tensors, x) -> x[0].logSoftmax(axis));
    }

    @Test
    void crossEntropyWithIgnoredRows() {
        new GradientCheck()
                .argument(-2, 2, 4, 5)
                .check((tensors, x) -> x[0].crossEntropy(tensors.of(new long[] {3, -100, 0, 4}, Shape.of(4))));
    }
}
