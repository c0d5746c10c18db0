package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Normalization;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Updates;

/** Products and the composite operations of networks, against their definitions. */
final class NetworkChecks {
    private static final double ROUNDING = 1e-10;
    private static final double EPSILON = 1e-5;

    private NetworkChecks() {}

    static void products(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("matmul", random -> {
            boolean ta = random.nextInt(2) == 0;
            boolean tb = random.nextInt(2) == 0;
            long m = EngineTrial.size(random, true);
            long k = EngineTrial.size(random, true);
            long n = EngineTrial.size(random, false);
            long batch = 1L + random.nextInt(3);
            Dense a = Dense.random(ta ? Shape.of(batch, k, m) : Shape.of(batch, m, k), random);
            Dense b = Dense.random(tb ? Shape.of(n, k) : Shape.of(k, n), random);
            try (Array x = a.on(engine);
                    Array y = b.on(engine)) {
                Dense.of(Shape.of(batch, m, n), i -> {
                            double sum = 0;
                            for (int j = 0; j < k; j++) {
                                sum += (ta ? a.at(i[0], j, i[1]) : a.at(i[0], i[1], j))
                                        * (tb ? b.at(i[2], j) : b.at(j, i[2]));
                            }
                            return sum;
                        })
                        .expect(
                                engine,
                                engine.matmul(x, y, ta, tb),
                                ROUNDING,
                                "matmul of " + a.shape() + " and " + b.shape());
            }
        });
    }

    static void linears(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("linear", random -> {
            boolean inputMajor = random.nextInt(2) == 0;
            int in = 1 + random.nextInt(6);
            int out = 1 + random.nextInt(6);
            Dense w = Dense.random(inputMajor ? Shape.of(in, out) : Shape.of(out, in), random);
            Dense x = Dense.random(Shape.of(2, 1L + random.nextInt(3), in), random);
            Dense bias = Dense.random(Shape.of(out), random);
            Shape rows = x.shape().with(2, out);
            Dense g = Dense.random(rows, random);
            try (Array weight = w.on(engine);
                    FrozenMatrix frozen = engine.freeze(weight, inputMajor);
                    Array input = x.on(engine);
                    Array b = bias.on(engine);
                    Array gradient = g.on(engine)) {
                Dense.of(rows, i -> {
                            double sum = bias.at(i[2]);
                            for (int j = 0; j < in; j++) {
                                sum += x.at(i[0], i[1], j) * (inputMajor ? w.at(j, i[2]) : w.at(i[2], j));
                            }
                            return sum;
                        })
                        .expect(engine, engine.linear(input, frozen, b), ROUNDING, "linear");
                Dense.of(x.shape(), i -> {
                            double sum = 0;
                            for (int j = 0; j < out; j++) {
                                sum += g.at(i[0], i[1], j) * (inputMajor ? w.at(i[2], j) : w.at(j, i[2]));
                            }
                            return sum;
                        })
                        .expect(engine, engine.linearInputGradient(gradient, frozen), ROUNDING, "linearInputGradient");
                w.expect(engine, engine.thaw(frozen, inputMajor), 0, "a weight after freezing and thawing");
            }
        });
    }

    static void norms(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("norm", random -> {
            int width = 1 + random.nextInt(6);
            Dense x = Dense.random(Shape.of(3, width), random);
            Dense weight = Dense.random(Shape.of(width), random);
            Dense bias = Dense.random(Shape.of(width), random);
            try (Array a = x.on(engine);
                    Array w = weight.on(engine);
                    Array b = bias.on(engine)) {
                Dense mean = Dense.of(Shape.of(3), i -> moment(x, i[0], width, 0, 1));
                Dense.of(
                                x.shape(),
                                i -> (x.at(i) - mean.at(i[0]))
                                                / Math.sqrt(moment(x, i[0], width, mean.at(i[0]), 2) + EPSILON)
                                                * weight.at(i[1])
                                        + bias.at(i[1]))
                        .expect(engine, output(engine.layerNorm(a, w, b, EPSILON)), 1e-6, "layerNorm");
                Dense.of(x.shape(), i -> x.at(i) / Math.sqrt(moment(x, i[0], width, 0, 2) + EPSILON) * weight.at(i[1]))
                        .expect(engine, output(engine.rmsNorm(a, w, EPSILON)), 1e-6, "rmsNorm");
            }
        });
    }

    private static double moment(Dense x, int row, int width, double centre, int power) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += Math.pow(x.at(row, i) - centre, power);
        }
        return sum / width;
    }

    static Array output(Normalization.Normalized normalized) {
        if (normalized.mean() != null) {
            normalized.mean().close();
        }
        if (normalized.inverseDeviation() != null) {
            normalized.inverseDeviation().close();
        }
        return normalized.output();
    }

    static void attention(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("attention", random -> {
            int queries = 1 + random.nextInt(4);
            int keys = queries + random.nextInt(3);
            boolean causal = random.nextInt(2) == 0;
            Dense q = Dense.random(Shape.of(2, 4, queries, 3), random);
            Dense k = Dense.random(Shape.of(2, 2, keys, 3), random);
            Dense v = Dense.random(Shape.of(2, 2, keys, 3), random);
            // row 1 sees nothing at all
            Dense seen = Dense.of(Shape.of(2, 1, 1, keys), i -> i[0] == 1 ? 0 : i[3] == 0 ? 1 : random.nextInt(2));
            try (Array query = q.on(engine);
                    Array key = k.on(engine);
                    Array value = v.on(engine);
                    Array mask = seen.on(engine, DType.BOOL)) {
                Attention.Rules rules = new Attention.Rules(0.5, causal, mask, null);
                Dense.of(q.shape(), i -> attended(q, k, v, seen, causal, i))
                        .expect(engine, attended(engine.attention(query, key, value, rules, false)), 1e-6, "attention");
            }
        });
    }

    static Array attended(Attention.Attended attended) {
        if (attended.saved() != null) {
            attended.saved().close();
        }
        return attended.output();
    }

    private static double attended(Dense q, Dense k, Dense v, Dense seen, boolean causal, int[] i) {
        int keys = (int) k.shape().size(2);
        int queries = (int) q.shape().size(2);
        int head = i[1] / 2;
        double total = 0;
        double sum = 0;
        for (int j = 0; j < keys; j++) {
            if (seen.at(i[0], 0, 0, j) != 0 && (!causal || j <= i[2] + keys - queries)) {
                double dot = 0;
                for (int f = 0; f < 3; f++) {
                    dot += q.at(i[0], i[1], i[2], f) * k.at(i[0], head, j, f);
                }
                total += Math.exp(0.5 * dot);
                sum += Math.exp(0.5 * dot) * v.at(i[0], head, j, i[3]);
            }
        }
        return total == 0 ? 0 : sum / total;
    }

    static void rotary(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("rotary", random -> {
            Dense x = Dense.random(Shape.of(2, 3, 4, 6), random);
            Dense angle = Dense.of(Shape.of(1, 4, 4), i -> 0.3 * i[1] * (1 + i[2] % 2));
            Dense cosine = Dense.of(angle.shape(), i -> Math.cos(angle.at(i)));
            Dense sine = Dense.of(angle.shape(), i -> Math.sin(angle.at(i)));
            try (Array a = x.on(engine);
                    Array cos = cosine.on(engine);
                    Array sin = sine.on(engine);
                    Array turned = engine.rotary(a, cos, sin, false)) {
                Dense.of(
                                x.shape(),
                                i -> i[3] >= 4
                                        ? x.at(i)
                                        : x.at(i) * cosine.at(0, i[2], i[3])
                                                + (i[3] < 2
                                                                ? -x.at(i[0], i[1], i[2], i[3] + 2)
                                                                : x.at(i[0], i[1], i[2], i[3] - 2))
                                                        * sine.at(0, i[2], i[3]))
                        .expect(engine, engine.copy(turned), ROUNDING, "rotary");
                x.expect(engine, engine.rotary(turned, cos, sin, true), ROUNDING, "rotary forwards and backwards");
            }
        });
    }

    static void losses(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("cross-entropy", random -> {
            int rows = 1 + random.nextInt(5);
            int classes = 2 + random.nextInt(5);
            int width = 1 + random.nextInt(4);
            Dense x = Dense.random(Shape.of(rows, width), random);
            Dense w = Dense.random(Shape.of(classes, width), random);
            Dense labels = EngineTrial.labels(rows, classes, random);
            try (Array input = x.on(engine);
                    Array weight = w.on(engine);
                    FrozenMatrix frozen = engine.freeze(weight, false);
                    Array logits = engine.linear(input, frozen, null);
                    Array targets = labels.on(engine, DType.INT64)) {
                Dense expected = Dense.of(Shape.of(rows), i -> loss(x, w, labels, i[0]));
                expected.expect(engine, losses(engine.crossEntropy(logits, targets)), 1e-6, "crossEntropy");
                expected.expect(
                        engine,
                        losses(engine.linearCrossEntropy(input, frozen, null, targets, false)),
                        1e-6,
                        "linearCrossEntropy");
            }
        });
    }

    private static double loss(Dense x, Dense w, Dense labels, int row) {
        if (labels.at(row) == Losses.IGNORED) {
            return 0;
        }
        double total = 0;
        for (int c = 0; c < w.shape().size(0); c++) {
            total += Math.exp(logit(x, w, row, c));
        }
        return Math.log(total) - logit(x, w, row, (int) labels.at(row));
    }

    private static double logit(Dense x, Dense w, int row, int type) {
        double sum = 0;
        for (int i = 0; i < x.shape().size(1); i++) {
            sum += x.at(row, i) * w.at(type, i);
        }
        return sum;
    }

    static Array losses(Losses.CrossEntropy computed) {
        if (computed.saved() != null) {
            computed.saved().close();
        }
        return computed.losses();
    }

    static void adamW(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("adamw", random -> {
            Shape shape = Shape.of(3);
            Dense w = Dense.random(shape, random);
            Dense g = Dense.random(shape, random);
            Dense m = Dense.random(shape, random);
            Dense s = Dense.positive(shape, random);
            Updates.AdamW settings = new Updates.AdamW(0.1, 0.9, 0.99, 1e-8, 0.05, 3);
            Dense first = Dense.of(shape, i -> 0.9 * m.at(i) + (1 - 0.9) * g.at(i));
            Dense second = Dense.of(shape, i -> 0.99 * s.at(i) + (1 - 0.99) * g.at(i) * g.at(i));
            try (Array parameter = w.on(engine);
                    Array gradient = g.on(engine);
                    Array firstMoment = m.on(engine);
                    Array secondMoment = s.on(engine)) {
                engine.adamW(parameter, gradient, firstMoment, secondMoment, settings);
                first.expect(engine, engine.copy(firstMoment), ROUNDING, "the first moment of adamW");
                second.expect(engine, engine.copy(secondMoment), ROUNDING, "the second moment of adamW");
                Dense.of(
                                shape,
                                i -> w.at(i) * (1 - 0.1 * 0.05)
                                        - 0.1
                                                * (first.at(i) / (1 - Math.pow(0.9, 3)))
                                                / (Math.sqrt(second.at(i) / (1 - Math.pow(0.99, 3))) + 1e-8))
                        .expect(engine, engine.copy(parameter), ROUNDING, "the parameter after adamW");
                g.expect(engine, engine.copy(gradient), 0, "the gradient after adamW");
            }
        });
    }
}
