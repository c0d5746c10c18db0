package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.tck.rule.Expect;
import java.util.Arrays;

/** Operations that make, choose, take apart and overwrite, against their definitions. */
final class ValueChecks {
    private static final double ROUNDING = 1e-10;

    private ValueChecks() {}

    static void fills(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("fills", random -> {
            long start = random.nextInt(20) - 10L;
            long length = random.nextInt(6);
            for (DType dtype : new DType[] {DType.INT64, DType.FLOAT32, DType.FLOAT64}) {
                Dense.of(Shape.of(length), i -> start + i[0])
                        .expect(engine, engine.range(start, start + length, dtype), 0, "range in " + dtype);
            }
            Shape shape = EngineTrial.shape(random, 0, true);
            double value = random.nextInt(9) - 4;
            Dense.of(shape, i -> value).expect(engine, engine.full(shape, DType.FLOAT32, value), 0, "full of " + shape);
            Dense x = Dense.random(shape, random);
            double squares = Arrays.stream(x.values()).map(v -> v * v).sum();
            try (Array a = x.on(engine, DType.FLOAT32)) {
                double found = engine.sumOfSquares(a);
                Expect.that(
                        Math.abs(found - squares) <= ROUNDING * Math.max(1, squares),
                        "sumOfSquares of " + shape + " is " + found + " where " + squares + " was expected");
            }
        });
    }

    static void choices(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("where", random -> {
            Shape shape = EngineTrial.shape(random, 1, true);
            Dense condition = Dense.of(EngineTrial.against(shape, random), i -> random.nextInt(2));
            Dense a = Dense.random(shape, random);
            Dense b = Dense.random(EngineTrial.against(shape, random), random);
            try (Array holds = condition.on(engine, DType.BOOL);
                    Array first = a.on(engine);
                    Array second = b.on(engine)) {
                Dense.of(shape, i -> condition.at(i) != 0 ? a.at(i) : b.at(i))
                        .expect(
                                engine,
                                engine.where(holds, first, second),
                                0,
                                "where " + condition.shape() + " of " + shape + " and " + b.shape());
            }
        });
    }

    static void decompositions(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("svd", random -> {
            int rows = 1 + random.nextInt(5);
            int columns = 1 + random.nextInt(5);
            int least = Math.min(rows, columns);
            Dense x = Dense.random(Shape.of(rows, columns), random);
            try (Array a = x.on(engine)) {
                Array[] parts = engine.svd(a);
                Dense u = Dense.taken(engine, parts[0]);
                Dense s = Dense.taken(engine, parts[1]);
                Dense v = Dense.taken(engine, parts[2]);
                Expect.equal(u.shape(), Shape.of(rows, least), "shape of U");
                Expect.equal(s.shape(), Shape.of(least), "shape of S");
                Expect.equal(v.shape(), Shape.of(least, columns), "shape of V transposed");
                for (int i = 0; i < least; i++) {
                    Expect.that(
                            s.at(i) >= 0 && (i == 0 || s.at(i) <= s.at(i - 1)),
                            "singular values do not fall: " + Arrays.toString(s.values()));
                }
                near(x, Dense.of(x.shape(), i -> sum(least, k -> u.at(i[0], k) * s.at(k) * v.at(k, i[1]))), "U S V^T");
                Dense one = Dense.of(Shape.of(least, least), i -> i[0] == i[1] ? 1 : 0);
                near(one, Dense.of(one.shape(), i -> sum(rows, k -> u.at(k, i[0]) * u.at(k, i[1]))), "U^T U");
                near(one, Dense.of(one.shape(), i -> sum(columns, k -> v.at(i[0], k) * v.at(i[1], k))), "V^T V");
            }
        });
    }

    private interface Term {
        double at(int k);
    }

    private static double sum(int terms, Term term) {
        double sum = 0;
        for (int k = 0; k < terms; k++) {
            sum += term.at(k);
        }
        return sum;
    }

    private static void near(Dense expected, Dense found, String what) {
        for (int i = 0; i < expected.values().length; i++) {
            Expect.that(
                    Math.abs(expected.values()[i] - found.values()[i]) <= ROUNDING,
                    what + " of svd is " + found + " where " + expected + " was expected");
        }
    }

    static void overwriting(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("in place", random -> {
            int m = 1 + random.nextInt(4);
            int k = 1 + random.nextInt(4);
            int n = 1 + random.nextInt(4);
            boolean ta = random.nextInt(2) == 0;
            boolean tb = random.nextInt(2) == 0;
            double beta = random.nextInt(3) - 1;
            Dense target = Dense.random(Shape.of(m, n), random);
            Dense a = Dense.random(ta ? Shape.of(k, m) : Shape.of(m, k), random);
            Dense b = Dense.random(tb ? Shape.of(n, k) : Shape.of(k, n), random);
            try (Array t = target.inOnePiece(engine);
                    Array x = a.on(engine);
                    Array y = b.on(engine)) {
                engine.matmulInPlace(t, x, y, ta, tb, 0.5, beta);
                Dense.of(
                                target.shape(),
                                i -> beta * target.at(i)
                                        + 0.5
                                                * sum(
                                                        k,
                                                        j -> (ta ? a.at(j, i[0]) : a.at(i[0], j))
                                                                * (tb ? b.at(i[1], j) : b.at(j, i[1]))))
                        .expect(engine, engine.copy(t), ROUNDING, "matmulInPlace");
                a.expect(engine, engine.copy(x), 0, "an argument of matmulInPlace");
                try (Array single = engine.cast(t, DType.FLOAT32)) {
                    Dense other = Dense.random(target.shape(), random);
                    try (Array source = other.on(engine)) {
                        engine.copyInPlace(single, source);
                        other.expect(engine, engine.copy(single), 0, "copyInPlace into another element type");
                    }
                }
            }
        });
        trial.each("gather", random -> {
            int rows = 1 + random.nextInt(4);
            int picked = 1 + random.nextInt(4);
            Dense target = Dense.random(Shape.of(rows, 3), random);
            Dense source = Dense.random(Shape.of(picked, 3), random);
            Dense index = Dense.of(source.shape(), i -> random.nextInt(rows));
            try (Array t = target.inOnePiece(engine);
                    Array s = source.on(engine);
                    Array at = index.on(engine, DType.INT64)) {
                engine.gatherAddInPlace(t, 0, at, s);
                Dense.of(
                                target.shape(),
                                i -> target.at(i)
                                        + sum(picked, j -> index.at(j, i[1]) == i[0] ? source.at(j, i[1]) : 0))
                        .expect(engine, engine.copy(t), ROUNDING, "gatherAddInPlace");
            }
        });
    }
}
