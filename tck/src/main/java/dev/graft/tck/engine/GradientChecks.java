package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Normalization;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;
import java.util.function.Function;

/** Backward functions, against central differences of what the forward functions give in double precision. */
final class GradientChecks {
    private static final double STEP = 3e-5;
    private static final double DIFFERENCE = 1e-6;
    private static final double EPSILON = 1e-5;

    private GradientChecks() {}

    /** The gradient of {@code sum(g * f(x))} with respect to x. */
    private static Dense gradient(Engine engine, Dense g, Dense x, Function<Array, Array> function) {
        double[] slopes = new double[x.values().length];
        for (int i = 0; i < slopes.length; i++) {
            double near = rise(engine, g, x, i, STEP, function);
            double far = rise(engine, g, x, i, 2 * STEP, function);
            // of fourth order: where a norm divides by next to nothing, the usual two points are too coarse
            slopes[i] = (8 * near - far) / (12 * STEP);
        }
        return new Dense(x.shape(), slopes);
    }

    private static double rise(
            Engine engine, Dense g, Dense x, int element, double by, Function<Array, Array> function) {
        return weighted(engine, g, moved(x, element, by), function)
                - weighted(engine, g, moved(x, element, -by), function);
    }

    private static Dense moved(Dense x, int element, double by) {
        double[] values = x.values().clone();
        values[element] += by;
        return new Dense(x.shape(), values);
    }

    private static double weighted(Engine engine, Dense g, Dense x, Function<Array, Array> function) {
        try (Array argument = x.inOnePiece(engine);
                Array result = function.apply(argument)) {
            double[] elements = Doubles.of(engine, result);
            double sum = 0;
            for (int i = 0; i < elements.length; i++) {
                sum += g.values()[i] * elements[i];
            }
            return sum;
        }
    }

    static void softmax(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("softmax backward", random -> {
            Shape shape = EngineTrial.shape(random, 1, false);
            int axis = random.nextInt(shape.rank());
            Dense x = Dense.random(shape, random);
            Dense g = Dense.random(shape, random);
            try (Array argument = x.on(engine);
                    Array gradient = g.on(engine);
                    Array soft = engine.softmax(argument, axis);
                    Array log = engine.logSoftmax(argument, axis)) {
                gradient(engine, g, x, a -> engine.softmax(a, axis))
                        .expect(engine, engine.softmaxBackward(gradient, soft, axis), DIFFERENCE, "softmaxBackward");
                gradient(engine, g, x, a -> engine.logSoftmax(a, axis))
                        .expect(
                                engine,
                                engine.logSoftmaxBackward(gradient, log, axis),
                                DIFFERENCE,
                                "logSoftmaxBackward");
            }
        });
    }

    static void gated(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("gated silu", random -> {
            Shape shape = EngineTrial.shape(random, 1, false);
            Dense gate = Dense.random(shape, random);
            Dense up = Dense.random(shape, random);
            Dense g = Dense.random(shape, random);
            try (Array first = gate.on(engine);
                    Array second = up.on(engine);
                    Array gradient = g.on(engine)) {
                Dense.of(shape, i -> gate.at(i) / (1 + Math.exp(-gate.at(i))) * up.at(i))
                        .expect(engine, engine.gatedSilu(first, second), DIFFERENCE, "gatedSilu");
                Array[] both = engine.gatedSiluBackward(gradient, first, second);
                gradient(engine, g, gate, a -> engine.gatedSilu(a, second))
                        .expect(engine, both[0], DIFFERENCE, "gatedSiluBackward with respect to the gate");
                gradient(engine, g, up, a -> engine.gatedSilu(first, a))
                        .expect(engine, both[1], DIFFERENCE, "gatedSiluBackward with respect to up");
            }
        });
    }

    static void norms(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("norm backward", random -> {
            int width = 2 + random.nextInt(5);
            Dense x = Dense.random(Shape.of(3, width), random);
            Dense weight = Dense.positive(Shape.of(width), random);
            Dense bias = Dense.random(Shape.of(width), random);
            Dense g = Dense.random(x.shape(), random);
            try (Array a = x.on(engine);
                    Array w = weight.on(engine);
                    Array b = bias.on(engine);
                    Array gradient = g.on(engine)) {
                Normalization.Normalized layer = engine.layerNorm(a, w, b, EPSILON);
                Normalization.Gradients whole = engine.layerNormBackward(gradient, a, w, layer, true, true);
                gradient(engine, g, x, to -> layer(engine, to, w, b))
                        .expect(engine, whole.input(), DIFFERENCE, "layerNormBackward with respect to the input");
                gradient(engine, g, weight, to -> layer(engine, a, to, b))
                        .expect(engine, whole.weight(), DIFFERENCE, "layerNormBackward with respect to the weight");
                gradient(engine, g, bias, to -> layer(engine, a, w, to))
                        .expect(engine, whole.bias(), DIFFERENCE, "layerNormBackward with respect to the bias");
                onlyInput(engine.layerNormBackward(gradient, a, w, layer, true, false), "layerNormBackward");
                close(layer);
                Normalization.Normalized root = engine.rmsNorm(a, w, EPSILON);
                Normalization.Gradients two = engine.rmsNormBackward(gradient, a, w, root, true, true);
                gradient(engine, g, x, to -> rms(engine, to, w))
                        .expect(engine, two.input(), DIFFERENCE, "rmsNormBackward with respect to the input");
                gradient(engine, g, weight, to -> rms(engine, a, to))
                        .expect(engine, two.weight(), DIFFERENCE, "rmsNormBackward with respect to the weight");
                Expect.that(two.bias() == null, "rmsNormBackward gives a gradient of a bias");
                onlyInput(engine.rmsNormBackward(gradient, a, w, root, true, false), "rmsNormBackward");
                close(root);
            }
        });
    }

    private static void onlyInput(Normalization.Gradients gradients, String what) {
        gradients.input().close();
        Expect.that(
                gradients.weight() == null && gradients.bias() == null,
                what + " gives gradients of parameters that were not asked for");
    }

    private static Array layer(Engine engine, Array x, Array weight, Array bias) {
        return NetworkChecks.output(engine.layerNorm(x, weight, bias, EPSILON));
    }

    private static Array rms(Engine engine, Array x, Array weight) {
        return NetworkChecks.output(engine.rmsNorm(x, weight, EPSILON));
    }

    private static void close(Normalization.Normalized normalized) {
        NetworkChecks.output(normalized).close();
    }

    static void attention(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("attention backward", random -> {
            int queries = 1 + random.nextInt(3);
            int keys = queries + random.nextInt(2);
            boolean masked = random.nextInt(2) == 0;
            boolean causal = random.nextInt(2) == 0;
            Dense q = Dense.random(Shape.of(2, 4, queries, 2), random);
            Dense k = Dense.random(Shape.of(2, 2, keys, 2), random);
            Dense v = Dense.random(Shape.of(2, 2, keys, 2), random);
            Dense added = Dense.random(Shape.of(1, 4, queries, keys), random);
            Dense g = Dense.random(q.shape(), random);
            Dense seen = seen(keys, random);
            try (Array query = q.on(engine);
                    Array key = k.on(engine);
                    Array value = v.on(engine);
                    Array gradient = g.on(engine);
                    Array bias = added.on(engine);
                    Array mask = seen.on(engine, DType.BOOL)) {
                Attention.Rules rules = new Attention.Rules(0.5, causal, masked ? mask : null, bias);
                Attention.Attended forward = engine.attention(query, key, value, rules, true);
                Attention.AttentionGradients all =
                        engine.attentionBackward(gradient, query, key, value, rules, forward, true);
                NetworkChecks.attended(forward).close();
                gradient(engine, g, q, to -> attended(engine, to, key, value, rules))
                        .expect(engine, all.query(), DIFFERENCE, "attentionBackward with respect to the query");
                gradient(engine, g, k, to -> attended(engine, query, to, value, rules))
                        .expect(engine, all.key(), DIFFERENCE, "attentionBackward with respect to the key");
                gradient(engine, g, v, to -> attended(engine, query, key, to, rules))
                        .expect(engine, all.value(), DIFFERENCE, "attentionBackward with respect to the value");
                gradient(
                                engine,
                                g,
                                added,
                                to -> attended(
                                        engine, query, key, value, new Attention.Rules(0.5, causal, rules.mask(), to)))
                        .expect(engine, all.bias(), DIFFERENCE, "attentionBackward with respect to the bias");
            }
        });
    }

    /** What rows of keys may be seen; the first key of every row is, but for those of the second row of a batch at times. */
    private static Dense seen(int keys, RandomStream random) {
        boolean blind = random.nextInt(2) == 0;
        return Dense.of(Shape.of(2, 1, 1, keys), i -> i[0] == 1 && blind ? 0 : i[3] == 0 ? 1 : random.nextInt(2));
    }

    private static Array attended(Engine engine, Array query, Array key, Array value, Attention.Rules rules) {
        return NetworkChecks.attended(engine.attention(query, key, value, rules, false));
    }

    static void losses(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("cross-entropy backward", random -> {
            int rows = 1 + random.nextInt(4);
            int classes = 2 + random.nextInt(4);
            int width = 1 + random.nextInt(4);
            Dense x = Dense.random(Shape.of(rows, width), random);
            Dense scores = Dense.random(Shape.of(rows, classes), random);
            Dense w = Dense.random(Shape.of(classes, width), random);
            Dense g = Dense.random(Shape.of(rows), random);
            Dense labels = EngineTrial.labels(rows, classes, random);
            try (Array input = x.on(engine);
                    Array logits = scores.on(engine);
                    Array weight = w.on(engine);
                    FrozenMatrix frozen = engine.freeze(weight, false);
                    Array gradient = g.on(engine);
                    Array targets = labels.on(engine, DType.INT64)) {
                Losses.CrossEntropy forward = engine.crossEntropy(logits, targets);
                gradient(engine, g, scores, to -> NetworkChecks.losses(engine.crossEntropy(to, targets)))
                        .expect(
                                engine,
                                engine.crossEntropyBackward(gradient, logits, targets, forward),
                                DIFFERENCE,
                                "crossEntropyBackward");
                NetworkChecks.losses(forward).close();
                Losses.CrossEntropy chunked = engine.linearCrossEntropy(input, frozen, null, targets, true);
                gradient(
                                engine,
                                g,
                                x,
                                to -> NetworkChecks.losses(engine.linearCrossEntropy(to, frozen, null, targets, false)))
                        .expect(
                                engine,
                                engine.linearCrossEntropyBackward(gradient, chunked),
                                DIFFERENCE,
                                "linearCrossEntropyBackward");
                NetworkChecks.losses(chunked).close();
            }
        });
    }
}
