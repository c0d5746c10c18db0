package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Normalization.Gradients;
import dev.graft.spi.engine.Normalization.Normalized;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizationTest {
    private static final double EPSILON = 1e-3;
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));
    private final Grid x = Grid.random(1, 2, 3, 8);
    private final Grid weight = Grid.random(2, 8);
    private final Grid bias = Grid.random(3, 8);
    private final Grid gradient = Grid.random(4, 2, 3, 8);

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, FLOAT64", "FLOAT32, FLOAT32", "BFLOAT16, BFLOAT16", "BFLOAT16, FLOAT32", "FLOAT32, BFLOAT16"})
    void bothMatchTheirFormula(DType dtype, DType parameters) {
        try (Array a = x.to(engine, dtype);
                Array w = weight.to(engine, parameters);
                Array b = bias.to(engine, parameters)) {
            Normalized layer = engine.layerNorm(a, w, b, EPSILON);
            assertThat(layer.output().dtype()).isEqualTo(dtype);
            Grid.from(engine, layer.output()).assertClose(layerNorm(x, weight, bias), 2 * Grid.tolerance(dtype));
            close(layer);
            Normalized rms = engine.rmsNorm(a, w, EPSILON);
            assertThat(rms.output().dtype()).isEqualTo(dtype);
            assertThat(rms.mean()).isNull();
            Grid.from(engine, rms.output()).assertClose(rmsNorm(x, weight), 2 * Grid.tolerance(dtype));
            close(rms);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, FLOAT64", "FLOAT32, FLOAT32", "BFLOAT16, BFLOAT16", "BFLOAT16, FLOAT32"})
    void layerNormGradientsMatchCentralDifferences(DType dtype, DType parameters) {
        try (Array a = x.to(engine, dtype);
                Array w = weight.to(engine, parameters);
                Array b = bias.to(engine, parameters);
                Array g = gradient.to(engine, dtype)) {
            Normalized forward = engine.layerNorm(a, w, b, EPSILON);
            Gradients found = engine.layerNormBackward(g, a, w, forward, true, true);
            close(forward);
            double tolerance = Math.max(1e-7, 3 * Grid.tolerance(dtype));
            assertThat(found.weight().dtype()).isEqualTo(parameters);
            Grid.take(engine, found.input())
                    .assertClose(x.differences(v -> layerNorm(v, weight, bias).dot(gradient)), tolerance);
            Grid.take(engine, found.weight())
                    .assertClose(weight.differences(v -> layerNorm(x, v, bias).dot(gradient)), tolerance);
            Grid.take(engine, found.bias())
                    .assertClose(bias.differences(v -> layerNorm(x, weight, v).dot(gradient)), tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, FLOAT64", "FLOAT32, FLOAT32", "BFLOAT16, BFLOAT16", "BFLOAT16, FLOAT32"})
    void rmsNormGradientsMatchCentralDifferences(DType dtype, DType parameters) {
        try (Array a = x.to(engine, dtype);
                Array w = weight.to(engine, parameters);
                Array g = gradient.to(engine, dtype)) {
            Normalized forward = engine.rmsNorm(a, w, EPSILON);
            Gradients found = engine.rmsNormBackward(g, a, w, forward, true, true);
            close(forward);
            double tolerance = Math.max(1e-7, 3 * Grid.tolerance(dtype));
            Grid.take(engine, found.input())
                    .assertClose(x.differences(v -> rmsNorm(v, weight).dot(gradient)), tolerance);
            Grid.take(engine, found.weight())
                    .assertClose(weight.differences(v -> rmsNorm(x, v).dot(gradient)), tolerance);
            assertThat(found.bias()).isNull();
        }
    }

    @Test
    void onlyWhatIsNeededIsComputed() {
        try (Array a = x.to(engine);
                Array w = weight.to(engine);
                Array g = gradient.to(engine)) {
            Normalized forward = engine.rmsNorm(a, w, EPSILON);
            Gradients input = engine.rmsNormBackward(g, a, w, forward, true, false);
            Gradients parameters = engine.rmsNormBackward(g, a, w, forward, false, true);
            close(forward);
            assertThat(input.weight()).isNull();
            assertThat(parameters.input()).isNull();
            input.input().close();
            parameters.weight().close();
        }
    }

    @Test
    void parametersMayBeLeftOut() {
        Grid ones = weight.map(v -> 1);
        Grid zeros = weight.map(v -> 0);
        for (DType dtype : new DType[] {DType.FLOAT64, DType.BFLOAT16}) {
            try (Array a = x.to(engine, dtype);
                    Array g = gradient.to(engine, dtype)) {
                Normalized layer = engine.layerNorm(a, null, null, EPSILON);
                Grid.from(engine, layer.output()).assertClose(layerNorm(x, ones, zeros), 2 * Grid.tolerance(dtype));
                Gradients back = engine.layerNormBackward(g, a, null, layer, true, false);
                close(layer);
                Grid.take(engine, back.input())
                        .assertClose(
                                x.differences(v -> layerNorm(v, ones, zeros).dot(gradient)),
                                Math.max(1e-7, 3 * Grid.tolerance(dtype)));
                Normalized rms = engine.rmsNorm(a, null, EPSILON);
                Grid.from(engine, rms.output()).assertClose(rmsNorm(x, ones), 2 * Grid.tolerance(dtype));
                close(rms);
            }
        }
    }

    @Test
    void noRowsGiveNoRows() {
        Grid none = Grid.random(1, 0, 8);
        try (Array a = none.to(engine, DType.FLOAT32);
                Array w = weight.to(engine, DType.FLOAT32)) {
            Normalized forward = engine.rmsNorm(a, w, EPSILON);
            Gradients back = engine.rmsNormBackward(a, a, w, forward, true, true);
            close(forward);
            Grid.take(engine, back.input()).assertClose(none, 0);
            Grid.take(engine, back.weight()).assertClose(weight.map(v -> 0), 0);
        }
    }

    @Test
    void unfitParametersAreNamed() {
        try (Array a = x.to(engine);
                Array w = Grid.random(1, 7).to(engine)) {
            assertThatThrownBy(() -> engine.rmsNorm(a, w, EPSILON))
                    .hasMessage("RMS norm: the extent of a parameter is 7, but must be 8");
        }
    }

    private static void close(Normalized normalized) {
        normalized.output().close();
        normalized.inverseDeviation().close();
        if (normalized.mean() != null) {
            normalized.mean().close();
        }
    }

    private static Grid layerNorm(Grid x, Grid weight, Grid bias) {
        int width = (int) x.shape().size(-1);
        double[] y = new double[x.values().length];
        for (int row = 0; row < y.length; row += width) {
            double mean = 0;
            double variance = 0;
            for (int i = 0; i < width; i++) {
                mean += x.values()[row + i] / width;
            }
            for (int i = 0; i < width; i++) {
                variance += Math.pow(x.values()[row + i] - mean, 2) / width;
            }
            for (int i = 0; i < width; i++) {
                double normal = (x.values()[row + i] - mean) / Math.sqrt(variance + EPSILON);
                y[row + i] = normal * weight.values()[i] + bias.values()[i];
            }
        }
        return new Grid(x.shape(), y);
    }

    private static Grid rmsNorm(Grid x, Grid weight) {
        int width = (int) x.shape().size(-1);
        double[] y = new double[x.values().length];
        for (int row = 0; row < y.length; row += width) {
            double square = 0;
            for (int i = 0; i < width; i++) {
                square += x.values()[row + i] * x.values()[row + i] / width;
            }
            for (int i = 0; i < width; i++) {
                y[row + i] = x.values()[row + i] / Math.sqrt(square + EPSILON) * weight.values()[i];
            }
        }
        return new Grid(x.shape(), y);
    }
}
