package dev.graft.kernel.tensor;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexGradientsTest {
    @Test
    void reshapeWithAnExtentLeftOpen() {
        new GradientCheck()
                .argument(-1, 1, 2, 3, 4)
                .check((tensors, x) -> x[0].reshape(4, -1).square());
    }

    @Test
    void permuteAndTranspose() {
        new GradientCheck()
                .argument(-1, 1, 2, 3, 4)
                .check((tensors, x) -> x[0].permute(2, 0, 1).transpose(0, -1).square());
    }

    @ParameterizedTest
    @CsvSource({"0,0,1", "1,1,3", "-1,0,4", "2,2,2"})
    void slice(int axis, long from, long to) {
        new GradientCheck()
                .argument(-1, 1, 2, 3, 4)
                .check((tensors, x) -> x[0].slice(axis, from, to).square());
    }

    @Test
    void overlappingSlices() {
        new GradientCheck()
                .argument(-1, 1, 5)
                .check((tensors, x) ->
                        x[0].slice(0, 0, 4).mul(x[0].slice(0, 1, 5)).add(x[0].slice(0, 1, 5)));
    }

    @Test
    void expandAddsAndStretchesAxes() {
        new GradientCheck()
                .argument(-1, 1, 3, 1)
                .check((tensors, x) -> x[0].expand(Shape.of(2, 3, 4)).square());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void concat(int axis) {
        new GradientCheck()
                .argument(-1, 1, 2, 2)
                .argument(-1, 1, 2, 2)
                .check((tensors, x) ->
                        tensors.concat(List.of(x[0], x[1], x[0]), axis).square());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-1"})
    void selectWithRepeatedIndices(int axis) {
        new GradientCheck()
                .argument(-1, 1, 3, 3, 3)
                .check((tensors, x) -> x[0].select(axis, tensors.of(new long[] {2, 0, 2, 2}, Shape.of(4))));
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void gatherWithRepeatedIndices(int axis) {
        new GradientCheck()
                .argument(-1, 1, 3, 3)
                .check((tensors, x) -> x[0].gather(
                        axis, tensors.of(new long[] {2, 0, 2, 2, 1, 2}, axis == 0 ? Shape.of(2, 3) : Shape.of(3, 2))));
    }

    @Test
    void embeddingWithRepeatedIds() {
        new GradientCheck()
                .argument(-1, 1, 4, 3)
                .check((tensors, x) -> x[0].embedding(tensors.of(new long[] {3, 1, 3, 0, 3, 1}, Shape.of(2, 3))));
    }

    @Test
    void embeddingOfOneId() {
        new GradientCheck()
                .argument(-1, 1, 4, 3)
                .check((tensors, x) -> x[0].embedding(tensors.of(new long[] {2}, Shape.of())));
    }

    @Test
    void castOfTheSameDType() {
        new GradientCheck()
                .argument(-1, 1, 3)
                .check((tensors, x) -> x[0].cast(DType.FLOAT64).square());
    }
}
