package dev.graft.kernel.tensor;

import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixGradientsTest {
    private static final long[][][] LEADING = {
        {{}, {}}, {{2}, {2}}, {{2}, {}}, {{}, {2}}, {{3, 1}, {2}}, {{1}, {1}}, {{2, 3}, {2, 3}}
    };

    static Stream<Arguments> products() {
        return Stream.of(LEADING)
                .flatMap(leading -> Stream.of(false, true)
                        .flatMap(a -> Stream.of(false, true).map(b -> Arguments.of(leading[0], leading[1], a, b))));
    }

    @ParameterizedTest
    @MethodSource("products")
    void matrixProductsThatBroadcast(long[] leadingA, long[] leadingB, boolean transposeA, boolean transposeB) {
        new GradientCheck()
                .argument(-1, 1, matrix(leadingA, transposeA ? 4 : 3, transposeA ? 3 : 4))
                .argument(-1, 1, matrix(leadingB, transposeB ? 2 : 4, transposeB ? 4 : 2))
                .check((tensors, x) -> x[0].matmul(x[1], transposeA, transposeB));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aMatrixTimesItself(boolean transpose) {
        new GradientCheck().argument(-1, 1, 3, 3).check((tensors, x) -> x[0].matmul(x[0], transpose, !transpose));
    }

    @Test
    void linearWithBias() {
        new GradientCheck()
                .argument(-1, 1, 2, 3, 4)
                .argument(-1, 1, 5, 4)
                .argument(-1, 1, 5)
                .check((tensors, x) -> x[0].linear(x[1], x[2]));
    }

    @Test
    void linearOfAVectorWithoutBias() {
        new GradientCheck().argument(-1, 1, 4).argument(-1, 1, 5, 4).check((tensors, x) -> x[0].linear(x[1], null));
    }

    @Test
    void linearWithATransposedWeight() {
        new GradientCheck()
                .argument(-1, 1, 2, 4)
                .argument(-1, 1, 4, 5)
                .check((tensors, x) -> x[0].linear(x[1].transpose(0, 1), null));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void frozenLinear(boolean inputMajor) {
        GradientCheck check = new GradientCheck();
        FrozenMatrix weight = inputMajor ? check.frozen(true, 4, 5) : check.frozen(false, 5, 4);
        check.argument(-1, 1, 2, 3, 4)
                .argument(-1, 1, 5)
                .check((tensors, x) -> tensors.frozenLinear(x[0], weight, x[1]));
    }

    @Test
    void frozenLinearOfAVectorWithoutBias() {
        GradientCheck check = new GradientCheck();
        FrozenMatrix weight = check.frozen(false, 5, 4);
        check.argument(-1, 1, 4).check((tensors, x) -> tensors.frozenLinear(x[0], weight, null));
    }

    @Test
    void linearCrossEntropyWithIgnoredRows() {
        GradientCheck check = new GradientCheck();
        FrozenMatrix weight = check.frozen(false, 6, 3);
        check.argument(-1, 1, 4, 3).check((tensors, x) -> {
            Tensor labels = tensors.of(new long[] {1, -100, 0, 5}, Shape.of(4));
            Tensor bias = tensors.of(new double[] {0.1, -0.2, 0.3, 0, 0.5, -0.6}, Shape.of(6));
            return tensors.linearCrossEntropy(x[0], weight, bias, labels);
        });
    }

    private static long[] matrix(long[] leading, long rows, long columns) {
        long[] sizes = Arrays.copyOf(leading, leading.length + 2);
        sizes[leading.length] = rows;
        sizes[leading.length + 1] = columns;
        return sizes;
    }
}
