package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositeGradientsTest {
    @Test
    void layerNormWithWeightAndBias() {
        new GradientCheck()
                .argument(-2, 2, 2, 3, 4)
                .argument(0.5, 1.5, 4)
                .argument(-1, 1, 4)
                .check((tensors, x) -> x[0].layerNorm(x[1], x[2], 1e-5));
    }

    @Test
    void layerNormWithoutBias() {
        new GradientCheck()
                .argument(-2, 2, 3, 4)
                .argument(0.5, 1.5, 4)
                .check((tensors, x) -> x[0].layerNorm(x[1], null, 1e-5));
    }

    @Test
    void layerNormWithoutWeight() {
        new GradientCheck()
                .argument(-2, 2, 3, 4)
                .argument(-1, 1, 4)
                .check((tensors, x) -> x[0].layerNorm(null, x[1], 1e-5));
    }

    @Test
    void layerNormWithoutParameters() {
        new GradientCheck().argument(-2, 2, 3, 4).check((tensors, x) -> x[0].layerNorm(null, null, 1e-3));
    }

    @Test
    void rmsNorm() {
        new GradientCheck()
                .argument(-2, 2, 2, 3, 4)
                .argument(0.5, 1.5, 4)
                .check((tensors, x) -> x[0].rmsNorm(x[1], 1e-6));
    }

    @ParameterizedTest
    @CsvSource({"1,6", "2,6", "1,4", "2,2"})
    void rotaryOfAllOrTheFirstFeatures(int tables, int rotated) {
        new GradientCheck()
                .argument(-1, 1, 2, 2, 3, 6)
                .check((tensors, x) ->
                        x[0].rotary(table(tensors, tables, rotated, true), table(tensors, tables, rotated, false)));
    }

    private static Tensor table(GraftTensors tensors, int tables, int rotated, boolean cosine) {
        double[] values = IntStream.range(0, tables * 3 * rotated)
                .mapToDouble(i -> Math.floorDiv(i, rotated) * Math.pow(10, -2.0 * (i % (rotated / 2)) / rotated))
                .map(angle -> cosine ? Math.cos(angle) : Math.sin(angle))
                .toArray();
        return tensors.of(values, Shape.of(tables, 3, rotated));
    }
}
