package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Normalization;
import dev.graft.spi.engine.Shape;
import dev.graft.tck.rule.Expect;
import java.util.function.Function;

/** Gradients of composite operations, against central differences of their definitions on the host. */
final class GradientChecks {
    private static final double STEP = 1e-5;
    private static final double DIFFERENCE = 1e-5;
    private static final double EPSILON = 1e-5;

    private GradientChecks() {}

    /** The gradient of {@code sum(g * f(x))} with respect to x, element by element. */
    private static Dense differences(Dense x, Dense g, Function<Dense, Dense> function) {
        int[] next = new int[1];
        return Dense.of(x.shape(), index -> {
            int element = next[0]++;
            return (sum(g, function.apply(moved(x, element, STEP))) - sum(g, function.apply(moved(x, element, -STEP))))
                    / (2 * STEP);
        });
    }

    private static Dense moved(Dense x, int element, double by) {
        double[] values = x.values().clone();
        values[element] += by;
        return new Dense(x.shape(), values);
    }

    private static double sum(Dense g, Dense y) {
        double sum = 0;
        for (int i = 0; i < g.values().length; i++) {
            sum += g.values()[i] * y.values()[i];
        }
        return sum;
    }

    static void norms(EngineTrial trial) {
        trial.each("norm gradients", random -> {
            int width = 2 + random.nextInt(5);
            Norm norm = new Norm(
                    Dense.random(Shape.of(3, width), random),
                    Dense.random(Shape.of(width), random),
                    Dense.random(Shape.of(width), random),
                    Dense.random(Shape.of(3, width), random));
            norm.expect(trial.engine(), true);
            norm.expect(trial.engine(), false);
        });
    }

    /**
     * A normalisation with the gradient of its output.
     *
     * @param x rows
     * @param w factors
     * @param b what is added, where rows are centred
     * @param g gradient of the output
     */
    private record Norm(Dense x, Dense w, Dense b, Dense g) {
        Dense of(Dense rows, Dense factors, Dense bias, boolean centred) {
            return Dense.of(
                    rows.shape(),
                    i -> NetworkChecks.normalised(rows, i, centred, EPSILON) * factors.at(i[1])
                            + (centred ? bias.at(i[1]) : 0));
        }

        void expect(Engine engine, boolean centred) {
            String name = centred ? "layerNormBackward" : "rmsNormBackward";
            try (Array input = x.on(engine);
                    Array weight = w.on(engine);
                    Array bias = b.on(engine);
                    Array gradient = g.on(engine)) {
                Normalization.Normalized forward = centred
                        ? engine.layerNorm(input, weight, bias, EPSILON)
                        : engine.rmsNorm(input, weight, EPSILON);
                Normalization.Gradients found = centred
                        ? engine.layerNormBackward(gradient, input, weight, forward, true, true)
                        : engine.rmsNormBackward(gradient, input, weight, forward, true, true);
                Normalization.Gradients inputAlone = centred
                        ? engine.layerNormBackward(gradient, input, weight, forward, true, false)
                        : engine.rmsNormBackward(gradient, input, weight, forward, true, false);
                NetworkChecks.output(forward).close();
                Dense byInput = differences(x, g, rows -> of(rows, w, b, centred));
                byInput.expect(engine, found.input(), DIFFERENCE, name + " with respect to the input");
                differences(w, g, factors -> of(x, factors, b, centred))
                        .expect(engine, found.weight(), DIFFERENCE, name + " with respect to the weight");
                if (centred) {
                    differences(b, g, added -> of(x, w, added, true))
                            .expect(engine, found.bias(), DIFFERENCE, name + " with respect to the bias");
                }
                byInput.expect(engine, inputAlone.input(), DIFFERENCE, name + " with respect to the input alone");
                Expect.that(
                        inputAlone.weight() == null && inputAlone.bias() == null && (centred || found.bias() == null),
                        name + " gives gradients that were not asked for");
            }
        }
    }

    static void attention(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("attention gradients", random -> {
            int queries = 1 + random.nextInt(3);
            int keys = queries + random.nextInt(3);
            boolean causal = random.nextInt(2) == 0;
            Dense q = Dense.random(Shape.of(2, 4, queries, 3), random);
            Dense k = Dense.random(Shape.of(2, 2, keys, 3), random);
            Dense v = Dense.random(Shape.of(2, 2, keys, 3), random);
            Dense g = Dense.random(q.shape(), random);
            Dense seen = Dense.of(Shape.of(2, 1, 1, keys), i -> i[0] == 1 ? 0 : i[3] == 0 ? 1 : random.nextInt(2));
            try (Array query = q.on(engine);
                    Array key = k.on(engine);
                    Array value = v.on(engine);
                    Array gradient = g.on(engine);
                    Array mask = seen.on(engine, DType.BOOL)) {
                Attention.Rules rules = new Attention.Rules(0.5, causal, mask, null);
                Attention.Attended forward = engine.attention(query, key, value, rules, true);
                Attention.AttentionGradients found =
                        engine.attentionBackward(gradient, query, key, value, rules, forward, false);
                NetworkChecks.attended(forward).close();
                differences(q, g, other -> attended(other, k, v, seen, causal))
                        .expect(engine, found.query(), DIFFERENCE, "attentionBackward with respect to queries");
                differences(k, g, other -> attended(q, other, v, seen, causal))
                        .expect(engine, found.key(), DIFFERENCE, "attentionBackward with respect to keys");
                differences(v, g, other -> attended(q, k, other, seen, causal))
                        .expect(engine, found.value(), DIFFERENCE, "attentionBackward with respect to values");
                Expect.that(found.bias() == null, "attentionBackward gives the gradient of a bias that is not there");
            }
        });
    }

    private static Dense attended(Dense q, Dense k, Dense v, Dense seen, boolean causal) {
        return Dense.of(q.shape(), i -> NetworkChecks.attended(q, k, v, seen, causal, i));
    }

    static void losses(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("loss gradients", random -> {
            int rows = 1 + random.nextInt(5);
            int classes = 2 + random.nextInt(5);
            int width = 1 + random.nextInt(4);
            Dense x = Dense.random(Shape.of(rows, width), random);
            Dense w = Dense.random(Shape.of(classes, width), random);
            Dense g = Dense.random(Shape.of(rows), random);
            Dense labels =
                    Dense.of(Shape.of(rows), i -> random.nextInt(4) == 0 ? Losses.IGNORED : random.nextInt(classes));
            Dense one = Dense.of(Shape.of(classes, classes), i -> i[0] == i[1] ? 1 : 0);
            Dense logits = Dense.of(Shape.of(rows, classes), i -> NetworkChecks.logit(x, w, i[0], i[1]));
            try (Array input = x.on(engine);
                    Array weight = w.on(engine);
                    FrozenMatrix frozen = engine.freeze(weight, false);
                    Array scores = logits.on(engine);
                    Array gradient = g.on(engine);
                    Array targets = labels.on(engine, DType.INT64)) {
                Losses.CrossEntropy forward = engine.crossEntropy(scores, targets);
                Array found = engine.crossEntropyBackward(gradient, scores, targets, forward);
                NetworkChecks.losses(forward).close();
                differences(logits, g, other -> Dense.of(g.shape(), i -> NetworkChecks.loss(other, one, labels, i[0])))
                        .expect(engine, found, DIFFERENCE, "crossEntropyBackward");
                Losses.CrossEntropy linear = engine.linearCrossEntropy(input, frozen, null, targets, true);
                Array byInput = engine.linearCrossEntropyBackward(gradient, linear);
                NetworkChecks.losses(linear).close();
                differences(x, g, other -> Dense.of(g.shape(), i -> NetworkChecks.loss(other, w, labels, i[0])))
                        .expect(engine, byInput, DIFFERENCE, "linearCrossEntropyBackward");
            }
        });
    }

    static void softmax(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("softmax gradients", random -> {
            Dense x = Dense.random(Shape.of(1 + random.nextInt(3), 1 + random.nextInt(5)), random);
            Dense g = Dense.random(x.shape(), random);
            int axis = random.nextInt(2);
            try (Array input = x.on(engine);
                    Array gradient = g.on(engine);
                    Array soft = engine.softmax(input, axis);
                    Array logSoft = engine.logSoftmax(input, axis)) {
                differences(x, g, other -> soft(other, axis, false))
                        .expect(engine, engine.softmaxBackward(gradient, soft, axis), DIFFERENCE, "softmaxBackward");
                differences(x, g, other -> soft(other, axis, true))
                        .expect(
                                engine,
                                engine.logSoftmaxBackward(gradient, logSoft, axis),
                                DIFFERENCE,
                                "logSoftmaxBackward");
            }
        });
    }

    private static Dense soft(Dense x, int axis, boolean logarithm) {
        return Dense.of(x.shape(), i -> {
            double total = 0;
            for (int j = 0; j < x.shape().size(axis); j++) {
                total += Math.exp(axis == 0 ? x.at(j, i[1]) : x.at(i[0], j));
            }
            return logarithm ? x.at(i) - Math.log(total) : Math.exp(x.at(i)) / total;
        });
    }

    static void gated(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("gated silu", random -> {
            Dense gate = Dense.random(EngineTrial.shape(random, 1, false), random);
            Dense up = Dense.random(gate.shape(), random);
            Dense g = Dense.random(gate.shape(), random);
            try (Array a = gate.on(engine);
                    Array b = up.on(engine);
                    Array gradient = g.on(engine)) {
                gated(gate, up).expect(engine, engine.gatedSilu(a, b), DIFFERENCE, "gatedSilu");
                Array[] found = engine.gatedSiluBackward(gradient, a, b);
                Expect.equal(found.length, 2, "the number of gradients of gatedSilu");
                differences(gate, g, other -> gated(other, up))
                        .expect(engine, found[0], DIFFERENCE, "gatedSiluBackward with respect to the gate");
                differences(up, g, other -> gated(gate, other))
                        .expect(engine, found[1], DIFFERENCE, "gatedSiluBackward with respect to what is gated");
            }
        });
    }

    private static Dense gated(Dense gate, Dense up) {
        double[] values = new double[gate.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = gate.values()[i] / (1 + Math.exp(-gate.values()[i])) * up.values()[i];
        }
        return new Dense(gate.shape(), values);
    }
}
