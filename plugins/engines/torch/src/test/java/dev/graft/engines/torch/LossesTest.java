package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses.CrossEntropy;
import dev.graft.spi.engine.Shape;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossesTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16"})
    void lossesAndGradientsMatchTheirFormula(DType dtype) {
        Grid logits = Grid.random(1, 5, 7);
        Grid factors = Grid.random(2, 5);
        long[] labels = {3, -100, 0, 6, -100};
        DType wide = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        try (Array x = logits.to(engine, dtype);
                Array y = engine.of(labels, Shape.of(5));
                Array g = factors.to(engine, wide)) {
            CrossEntropy loss = engine.crossEntropy(x, y);
            assertThat(loss.losses().dtype()).isEqualTo(wide);
            Grid.from(engine, loss.losses()).assertClose(losses(logits, labels), Grid.tolerance(wide));
            Grid gradient = Grid.take(engine, engine.crossEntropyBackward(g, x, y, loss));
            Grid expected = logits.differences(v -> losses(v, labels).dot(factors));
            gradient.assertClose(expected, Math.max(1e-8, Grid.tolerance(dtype)));
            assertThat(gradient.at(1, 0)).isZero();
            close(loss);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16"})
    void theChunkedLossEqualsTheLossOfAllLogits(DType dtype) {
        Grid x = Grid.random(3, 6, 8);
        Grid weight = Grid.random(4, 11, 8);
        Grid bias = Grid.random(5, 11);
        Grid factors = Grid.random(6, 6);
        long[] labels = {3, 10, -100, 6, 0, 1};
        try (Array input = x.to(engine, dtype);
                Array w = weight.to(engine, dtype);
                FrozenMatrix frozen = engine.freeze(w, false);
                Array b = bias.to(engine, dtype);
                Array y = engine.of(labels, Shape.of(6))) {
            CrossEntropy loss = engine.linearCrossEntropy(input, frozen, b, y, true);
            Grid.from(engine, loss.losses())
                    .assertClose(losses(logits(x, weight, bias), labels), Grid.tolerance(dtype));
            try (Array g = factors.to(engine, loss.losses().dtype())) {
                Grid.take(engine, engine.linearCrossEntropyBackward(g, loss))
                        .assertClose(
                                x.differences(v ->
                                        losses(logits(v, weight, bias), labels).dot(factors)),
                                Math.max(1e-8, 3 * Grid.tolerance(dtype)));
            }
            close(loss);
            CrossEntropy evaluated = engine.linearCrossEntropy(input, frozen, b, y, false);
            assertThat(evaluated.saved()).isNull();
            evaluated.losses().close();
        }
    }

    @Test
    void rowsBeyondOneChunkAreAllWorkedOff() {
        int rows = 700;
        int classes = 40_000;
        Random random = new Random(7);
        long[] labels = random.longs(rows, 0, classes).toArray();
        labels[5] = -100;
        try (Array x = engine.normal(Shape.of(rows, 4), DType.FLOAT32, 8);
                Array w = engine.normal(Shape.of(classes, 4), DType.FLOAT32, 9);
                FrozenMatrix frozen = engine.freeze(w, false);
                Array y = engine.of(labels, Shape.of(rows));
                Array logits = engine.linear(x, frozen, null);
                Array ones = engine.full(Shape.of(rows), DType.FLOAT32, 1)) {
            CrossEntropy chunked = engine.linearCrossEntropy(x, frozen, null, y, true);
            CrossEntropy whole = engine.crossEntropy(logits, y);
            Grid.from(engine, chunked.losses()).assertClose(Grid.from(engine, whole.losses()), 1e-5);
            try (Array back = engine.crossEntropyBackward(ones, logits, y, whole);
                    Array expected = engine.linearInputGradient(back, frozen);
                    Array found = engine.linearCrossEntropyBackward(ones, chunked)) {
                Grid.from(engine, found).assertClose(Grid.from(engine, expected), 1e-5);
            }
            close(chunked);
            close(whole);
        }
    }

    @Test
    void nothingButIgnoredLabelsGiveZeros() {
        try (Array x = Grid.random(1, 2, 3).to(engine);
                Array w = Grid.random(2, 4, 3).to(engine);
                FrozenMatrix frozen = engine.freeze(w, false);
                Array y = engine.of(new long[] {-100, -100}, Shape.of(2))) {
            CrossEntropy loss = engine.linearCrossEntropy(x, frozen, null, y, true);
            assertThat(Grid.from(engine, loss.losses()).values()).containsExactly(0, 0);
            assertThat(Grid.from(engine, loss.saved()).values()).containsOnly(0);
            close(loss);
        }
    }

    @Test
    void labelsOutsideTheClassesAreNamed() {
        try (Array x = Grid.random(1, 2, 3).to(engine);
                Array high = engine.of(new long[] {1, 3}, Shape.of(2));
                Array low = engine.of(new long[] {-1, 0}, Shape.of(2));
                Array few = engine.of(new long[] {1}, Shape.of(1))) {
            assertThatThrownBy(() -> engine.crossEntropy(x, high))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("cross-entropy: label 3 was found, but labels must be -100 or lie in [0, 3)");
            assertThatThrownBy(() -> engine.crossEntropy(x, low))
                    .hasMessage("cross-entropy: label -1 was found, but labels must be -100 or lie in [0, 3)");
            assertThatThrownBy(() -> engine.crossEntropy(x, few))
                    .hasMessage("cross-entropy: the number of labels is 1, but must be 2");
        }
    }

    private static void close(CrossEntropy loss) {
        loss.losses().close();
        loss.saved().close();
    }

    private static Grid logits(Grid x, Grid weight, Grid bias) {
        return Grid.computed(Shape.of(x.shape().size(0), weight.shape().size(0)), p -> {
            double sum = bias.at(p[1]);
            for (int i = 0; i < x.shape().size(1); i++) {
                sum += x.at(p[0], i) * weight.at(p[1], i);
            }
            return sum;
        });
    }

    private static Grid losses(Grid logits, long[] labels) {
        return Grid.computed(Shape.of(labels.length), p -> {
            long label = labels[(int) p[0]];
            if (label == -100) {
                return 0;
            }
            double sum = 0;
            for (int i = 0; i < logits.shape().size(1); i++) {
                sum += Math.exp(logits.at(p[0], i));
            }
            return Math.log(sum) - logits.at(p[0], label);
        });
    }
}
