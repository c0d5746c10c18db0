package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.Attention.Rules;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.liveArrays()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    /**
     * Shapes and rules of one call.
     *
     * @param mask extents of the mask, or null
     * @param bias extents of the bias, or null
     */
    record Case(
            String name,
            int batch,
            int heads,
            int keyHeads,
            int queries,
            int keys,
            int size,
            int valueSize,
            boolean causal,
            long[] mask,
            long[] bias) {
        @Override
        public String toString() {
            return name;
        }

        Grid query() {
            return Grid.random(1, batch, heads, queries, size);
        }

        Grid key() {
            return Grid.random(2, batch, keyHeads, keys, size);
        }

        Grid value() {
            return Grid.random(3, batch, keyHeads, keys, valueSize);
        }

        Grid gradient() {
            return Grid.random(4, batch, heads, queries, valueSize);
        }

        /** Some keys hidden, and the first query blind where the mask tells queries apart. */
        Grid maskValues() {
            if (mask == null) {
                return null;
            }
            Shape shape = Shape.of(mask);
            return Grid.computed(shape, p -> {
                boolean blind = shape.size(-2) > 1 && p[p.length - 2] == 0;
                return blind || p[p.length - 1] % 3 == 1 ? 0 : 1;
            });
        }

        Grid biasValues() {
            return bias == null ? null : Grid.random(5, bias);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("plain", 2, 3, 3, 5, 5, 8, 8, false, null, null),
                new Case("causal", 2, 2, 2, 6, 6, 4, 4, true, null, null),
                new Case("causal over several blocks", 1, 1, 1, 40, 40, 4, 4, true, null, null),
                new Case("causal with more keys than queries", 1, 2, 2, 3, 7, 4, 4, true, null, null),
                new Case("one query", 2, 2, 2, 1, 7, 4, 4, true, null, null),
                new Case("grouped heads", 2, 4, 2, 5, 5, 4, 4, true, null, null),
                new Case("grouped heads with one query", 2, 4, 2, 1, 6, 4, 4, true, null, null),
                new Case(
                        "grouped heads with one query and a mask",
                        2,
                        4,
                        2,
                        1,
                        6,
                        4,
                        4,
                        false,
                        new long[] {2, 1, 1, 6},
                        null),
                new Case("mask over keys", 2, 2, 2, 5, 6, 4, 4, false, new long[] {2, 1, 1, 6}, null),
                new Case("mask with a blind query", 2, 2, 2, 5, 6, 4, 4, false, new long[] {5, 6}, null),
                new Case("causal with a mask", 2, 2, 2, 5, 5, 4, 4, true, new long[] {2, 1, 1, 5}, null),
                new Case("bias", 2, 2, 2, 4, 5, 4, 4, false, null, new long[] {1, 2, 4, 5}),
                new Case(
                        "grouped heads with a bias by head", 1, 4, 2, 1, 5, 4, 4, false, null, new long[] {1, 4, 1, 5}),
                new Case(
                        "causal with a bias and a mask",
                        2,
                        2,
                        1,
                        4,
                        4,
                        4,
                        4,
                        true,
                        new long[] {2, 1, 4, 4},
                        new long[] {2, 4, 4}),
                new Case("values of another size", 1, 2, 2, 4, 5, 4, 6, true, null, null),
                new Case("no keys", 1, 2, 2, 3, 0, 4, 4, false, null, null));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theResultMatchesTheFormula(Case c) {
        Grid expected = formula(c, c.query(), c.key(), c.value(), c.biasValues());
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16}) {
            try (Call call = new Call(c, dtype)) {
                Attention.Attended result = call.forward(false);
                assertThat(result.saved()).isNull();
                assertThat(result.output().dtype()).isEqualTo(dtype);
                Grid.take(engine, result.output()).assertClose(expected, Grid.tolerance(dtype));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsMatchCentralDifferences(Case c) {
        boolean needBias = c.bias() != null;
        try (Call call = new Call(c, DType.FLOAT64);
                Array gradient = c.gradient().to(engine)) {
            Attention.Attended forward = call.forward(true);
            Attention.AttentionGradients found =
                    engine.attentionBackward(gradient, call.query, call.key, call.value, call.rules, forward, needBias);
            forward.output().close();
            if (forward.saved() != null) {
                forward.saved().close();
            }
            Grid q = c.query();
            Grid k = c.key();
            Grid v = c.value();
            Grid b = c.biasValues();
            Grid g = c.gradient();
            Grid.take(engine, found.query())
                    .assertClose(q.differences(x -> formula(c, x, k, v, b).dot(g)), 1e-6);
            Grid.take(engine, found.key())
                    .assertClose(k.differences(x -> formula(c, q, x, v, b).dot(g)), 1e-6);
            Grid.take(engine, found.value())
                    .assertClose(v.differences(x -> formula(c, q, k, x, b).dot(g)), 1e-6);
            if (needBias) {
                Grid.take(engine, found.bias())
                        .assertClose(b.differences(x -> formula(c, q, k, v, x).dot(g)), 1e-6);
            } else {
                assertThat(found.bias()).isNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void halfPrecisionGradientsAreNearThoseInDouble(Case c) {
        List<Grid> exact = gradients(c, DType.FLOAT64);
        List<Grid> half = gradients(c, DType.BFLOAT16);
        for (int i = 0; i < exact.size(); i++) {
            half.get(i).assertClose(exact.get(i), 4e-2);
        }
    }

    private List<Grid> gradients(Case c, DType dtype) {
        try (Call call = new Call(c, dtype);
                Array gradient = c.gradient().to(engine, dtype)) {
            Attention.Attended forward = call.forward(true);
            Attention.AttentionGradients found =
                    engine.attentionBackward(gradient, call.query, call.key, call.value, call.rules, forward, false);
            forward.output().close();
            if (forward.saved() != null) {
                forward.saved().close();
            }
            return List.of(
                    Grid.take(engine, found.query()), Grid.take(engine, found.key()), Grid.take(engine, found.value()));
        }
    }

    @Test
    void headsMayBeViewsOfOneProjection() {
        Grid rows = Grid.random(6, 2, 5, 3 * 2 * 4);
        Case c = new Case("views", 2, 2, 2, 5, 5, 4, 4, true, null, null);
        try (Array all = rows.to(engine, DType.FLOAT32)) {
            List<Array> parts = new ArrayList<>();
            List<Grid> grids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try (Array slice = engine.slice(all, 2, 8L * i, 8L * i + 8);
                        Array heads = engine.reshape(slice, Shape.of(2, 5, 2, 4))) {
                    parts.add(engine.permute(heads, 0, 2, 1, 3));
                }
                grids.add(Grid.from(engine, parts.get(i)));
            }
            Rules rules = new Rules(0.5, true, null, null);
            Attention.Attended result = engine.attention(parts.get(0), parts.get(1), parts.get(2), rules, false);
            Grid.take(engine, result.output())
                    .assertClose(formula(c, grids.get(0), grids.get(1), grids.get(2), null), 1e-5);
            parts.forEach(Array::close);
        }
    }

    @Test
    void rotatingTurnsPairsOfFeaturesAndTheInverseTurnsThemBack() {
        Grid x = Grid.random(7, 2, 3, 4, 10);
        Grid cos = Grid.random(8, 1, 4, 6);
        Grid sin = Grid.random(9, 1, 4, 6);
        Grid gradient = Grid.random(10, 2, 3, 4, 10);
        try (Array a = x.to(engine);
                Array c = cos.to(engine);
                Array s = sin.to(engine);
                Array g = gradient.to(engine)) {
            Grid.take(engine, engine.rotary(a, c, s, false)).assertClose(rotated(x, cos, sin), 1e-12);
            Grid.take(engine, engine.rotary(g, c, s, true))
                    .assertClose(x.differences(v -> rotated(v, cos, sin).dot(gradient)), 1e-7);
        }
    }

    @Test
    void rotationLeavesItsArgumentAlone() {
        Grid x = Grid.random(7, 1, 2, 3, 4);
        Grid angles = Grid.random(8, 1, 3, 4);
        try (Array a = x.to(engine, DType.BFLOAT16);
                Array c = angles.map(Math::cos).to(engine, DType.FLOAT32);
                Array s = angles.map(Math::sin).to(engine, DType.FLOAT32)) {
            Grid.take(engine, engine.rotary(a, c, s, false))
                    .assertClose(rotated(x, angles.map(Math::cos), angles.map(Math::sin)), 2e-2);
            Grid.from(engine, a).assertClose(x, 0);
        }
    }

    @Test
    void unfitShapesAreNamed() {
        try (Array q = Grid.random(1, 1, 3, 2, 4).to(engine);
                Array k = Grid.random(1, 1, 2, 2, 4).to(engine);
                Array narrow = Grid.random(1, 1, 3, 2, 2).to(engine);
                Array cos = Grid.random(1, 1, 2, 6).to(engine)) {
            Rules rules = new Rules(1, false, null, null);
            assertThatThrownBy(() -> engine.attention(q, k, k, rules, false))
                    .hasMessage("attention: 3 query heads are not a multiple of 2 key heads");
            assertThatThrownBy(() -> engine.attention(q, narrow, narrow, rules, false))
                    .hasMessage("attention: the head size of the keys is 2, but must be 4");
            assertThatThrownBy(() -> engine.rotary(q, cos, cos, false))
                    .hasMessage(
                            "rotary: 6 rotated features were given for a head size of 4, but they must be even and no"
                                    + " more than that");
        }
    }

    private static Grid rotated(Grid x, Grid cos, Grid sin) {
        long turned = cos.shape().size(2);
        return Grid.computed(x.shape(), p -> {
            if (p[3] >= turned) {
                return x.at(p);
            }
            boolean first = p[3] < turned / 2;
            double other = x.at(p[0], p[1], p[2], first ? p[3] + turned / 2 : p[3] - turned / 2);
            return x.at(p) * cos.at(0, p[2], p[3]) + (first ? -other : other) * sin.at(0, p[2], p[3]);
        });
    }

    private static Grid formula(Case c, Grid q, Grid k, Grid v, Grid bias) {
        Grid mask = c.maskValues();
        int group = c.heads() / c.keyHeads();
        return Grid.computed(Shape.of(c.batch(), c.heads(), c.queries(), c.valueSize()), p -> {
            double sum = 0;
            double weighted = 0;
            for (int j = 0; j < c.keys(); j++) {
                long[] score = {p[0], p[1], p[2], j};
                boolean later = c.causal() && j > p[2] + c.keys() - c.queries();
                if (later || (mask != null && mask.stretched(score) == 0)) {
                    continue;
                }
                double dot = 0;
                for (int d = 0; d < c.size(); d++) {
                    dot += q.at(p[0], p[1], p[2], d) * k.at(p[0], p[1] / group, j, d);
                }
                double weight = Math.exp(dot * 0.5 + (bias == null ? 0 : bias.stretched(score)));
                sum += weight;
                weighted += weight * v.at(p[0], p[1] / group, j, p[3]);
            }
            return sum == 0 ? 0 : weighted / sum;
        });
    }

    /** The arrays of a case in one dtype. */
    private final class Call implements AutoCloseable {
        final Array query;
        final Array key;
        final Array value;
        final Rules rules;

        Call(Case c, DType dtype) {
            query = c.query().to(engine, dtype);
            key = c.key().to(engine, dtype);
            value = c.value().to(engine, dtype);
            Array mask = c.mask() == null ? null : c.maskValues().to(engine, DType.BOOL);
            Array bias = c.bias() == null ? null : c.biasValues().to(engine, dtype);
            rules = new Rules(0.5, c.causal(), mask, bias);
        }

        Attention.Attended forward(boolean training) {
            return engine.attention(query, key, value, rules, training);
        }

        @Override
        public void close() {
            query.close();
            key.close();
            value.close();
            if (rules.mask() != null) {
                rules.mask().close();
            }
            if (rules.bias() != null) {
                rules.bias().close();
            }
        }
    }
}
