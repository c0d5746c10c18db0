package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;

/** Choices by a condition, products in place, and singular values, against their definitions. */
final class MatrixChecks {
    private static final double ROUNDING = 1e-9;

    private MatrixChecks() {}

    static void choices(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("where", random -> {
            Shape shape = EngineTrial.shape(random, 1, true);
            Dense condition = Dense.of(EngineTrial.against(shape, random), i -> random.nextInt(2));
            Dense a = Dense.random(EngineTrial.against(shape, random), random);
            Dense b = Dense.random(shape, random);
            Dense target = Dense.random(shape, random);
            try (Array holds = condition.on(engine, DType.BOOL);
                    Array x = a.on(engine);
                    Array y = b.on(engine);
                    Array written = target.on(engine, DType.FLOAT32)) {
                Dense.of(shape, i -> condition.at(i) != 0 ? a.at(i) : b.at(i))
                        .expect(engine, engine.where(holds, x, y), 0, "where");
                engine.copyInPlace(written, y);
                Expect.equal(written.dtype(), DType.FLOAT32, "the type of the target of copyInPlace");
                b.expect(engine, engine.copy(written), 0, "the target of copyInPlace");
                b.expect(engine, engine.copy(y), 0, "the source of copyInPlace");
            }
        });
    }

    static void productsInPlace(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("matmul in place", random -> {
            boolean ta = random.nextInt(2) == 0;
            boolean tb = random.nextInt(2) == 0;
            int m = 1 + random.nextInt(4);
            int k = 1 + random.nextInt(4);
            int n = 1 + random.nextInt(4);
            double beta = random.nextInt(3) * 0.5;
            Dense a = Dense.random(ta ? Shape.of(k, m) : Shape.of(m, k), random);
            Dense b = Dense.random(tb ? Shape.of(n, k) : Shape.of(k, n), random);
            Dense before = Dense.random(Shape.of(m, n), random);
            try (Array x = a.on(engine);
                    Array y = b.on(engine);
                    Array target = before.on(engine)) {
                engine.matmulInPlace(target, x, y, ta, tb, 0.5, beta);
                Dense.of(before.shape(), i -> {
                            double sum = 0;
                            for (int j = 0; j < k; j++) {
                                sum += (ta ? a.at(j, i[0]) : a.at(i[0], j)) * (tb ? b.at(i[1], j) : b.at(j, i[1]));
                            }
                            return beta * before.at(i) + 0.5 * sum;
                        })
                        .expect(engine, engine.copy(target), ROUNDING, "the target of matmulInPlace");
                a.expect(engine, engine.copy(x), 0, "the first factor after matmulInPlace");
                b.expect(engine, engine.copy(y), 0, "the second factor after matmulInPlace");
            }
        });
    }

    static void singularValues(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("svd", random -> {
            int m = 1 + random.nextInt(5);
            int n = 1 + random.nextInt(5);
            int k = Math.min(m, n);
            Dense x = Dense.random(Shape.of(m, n), random);
            try (Array matrix = x.on(engine)) {
                Array[] found = engine.svd(matrix);
                Expect.equal(found.length, 3, "the number of factors of svd");
                try (Array u = found[0];
                        Array s = found[1];
                        Array v = found[2];
                        Array row = engine.reshape(s, Shape.of(1, k));
                        Array scaled = engine.binary(Binary.MUL, u, row)) {
                    x.expect(engine, engine.matmul(scaled, v, false, false), ROUNDING, "the product of svd's factors");
                    Dense one = Dense.of(Shape.of(k, k), i -> i[0] == i[1] ? 1 : 0);
                    one.expect(engine, engine.matmul(u, u, true, false), ROUNDING, "U^T U of svd");
                    one.expect(engine, engine.matmul(v, v, false, true), ROUNDING, "V^T V of svd");
                    double[] values = Doubles.of(engine, s);
                    for (int i = 0; i < k; i++) {
                        Expect.that(
                                values[i] >= 0 && (i == 0 || values[i] <= values[i - 1]),
                                "singular value " + i + " of svd is " + values[i]);
                    }
                }
            }
        });
    }
}
