package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Updates.AdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpdatesTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void severalStepsMatchTheFormula(DType dtype) {
        double[] w = Grid.random(1, 12).values();
        double[] m = new double[12];
        double[] v = new double[12];
        try (Array parameter = Grid.random(1, 12).to(engine, dtype);
                Array first = engine.full(parameter.shape(), dtype, 0);
                Array second = engine.full(parameter.shape(), dtype, 0)) {
            for (int step = 1; step <= 4; step++) {
                Grid gradient = Grid.random(step + 20, 12);
                try (Array g = gradient.to(engine, dtype)) {
                    engine.adamW(parameter, g, first, second, new AdamW(1e-2, 0.9, 0.99, 1e-8, 0.1, step));
                }
                for (int i = 0; i < 12; i++) {
                    double d = gradient.values()[i];
                    m[i] = 0.9 * m[i] + 0.1 * d;
                    v[i] = 0.99 * v[i] + 0.01 * d * d;
                    double root = Math.sqrt(v[i] / (1 - Math.pow(0.99, step))) + 1e-8;
                    w[i] = w[i] * (1 - 1e-2 * 0.1) - 1e-2 * (m[i] / (1 - Math.pow(0.9, step))) / root;
                }
            }
            Grid.from(engine, parameter).assertClose(new Grid(parameter.shape(), w), Grid.tolerance(dtype));
            Grid.from(engine, first).assertClose(new Grid(parameter.shape(), m), Grid.tolerance(dtype));
            Grid.from(engine, second).assertClose(new Grid(parameter.shape(), v), Grid.tolerance(dtype));
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void misfitShapesAreNamed() {
        try (Array w = Grid.random(1, 3).to(engine);
                Array g = Grid.random(1, 2).to(engine)) {
            assertThatThrownBy(() -> engine.adamW(w, g, w, w, new AdamW(1, 0, 0, 1, 0, 1)))
                    .hasMessage("AdamW: a parameter of shape [3] was given with a gradient or moment of shape [2]");
        }
    }
}
