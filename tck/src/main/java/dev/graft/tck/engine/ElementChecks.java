package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;
import java.util.Arrays;
import java.util.List;

/** Operations on elements and folds, against their definitions. */
final class ElementChecks {
    static final double ROUNDING = 1e-12;
    private static final double SINGLE = 2e-6;
    private static final double DIFFERENCE = 1e-7;
    private static final double STEP = 1e-6;
    private static final double KINK = 1e-3;
    private static final List<DType> FLOATING = List.of(DType.FLOAT64, DType.FLOAT32);

    private ElementChecks() {}

    static void unary(EngineTrial trial) {
        Engine engine = trial.engine();
        for (Unary function : Unary.values()) {
            trial.each("unary " + function, random -> {
                Shape shape = EngineTrial.shape(random, 0, true);
                Dense x = argument(function, shape, random);
                Dense expected = new Dense(
                        shape,
                        Arrays.stream(x.values()).map(v -> value(function, v)).toArray());
                for (DType dtype : FLOATING) {
                    try (Array a = x.on(engine, dtype)) {
                        expected.expect(
                                engine,
                                engine.unary(function, a),
                                dtype == DType.FLOAT64 ? 1e-10 : 5 * SINGLE,
                                function + " in " + dtype);
                    }
                }
            });
        }
    }

    private static Dense argument(Unary function, Shape shape, RandomStream random) {
        return switch (function) {
            case LOG, SQRT, RSQRT, RECIPROCAL -> Dense.positive(shape, random);
            default -> Dense.random(shape, random);
        };
    }

    private static double value(Unary function, double x) {
        return switch (function) {
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case RELU -> Math.max(x, 0);
            case SILU -> x * sigmoid(x);
            case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The error function by its Taylor series, which is exact enough for arguments of a few units. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 60; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    static void unaryBackward(EngineTrial trial) {
        Engine engine = trial.engine();
        for (Unary function : Unary.values()) {
            trial.each("backward " + function, random -> {
                Shape shape = EngineTrial.shape(random, 1, false);
                Dense drawn = argument(function, shape, random);
                // functions with a kink have it at 0, where differences say nothing
                Dense x = Dense.of(shape, index -> Math.abs(drawn.at(index)) < KINK ? 0.5 : drawn.at(index));
                Dense gradient = Dense.random(shape, random);
                double[] slope = new double[x.values().length];
                for (int i = 0; i < slope.length; i++) {
                    double v = x.values()[i];
                    slope[i] =
                            gradient.values()[i] * (value(function, v + STEP) - value(function, v - STEP)) / (2 * STEP);
                }
                try (Array a = x.on(engine);
                        Array g = gradient.on(engine);
                        Array y = engine.unary(function, a)) {
                    Array argument = function.slopeFromResult() ? y : a;
                    new Dense(shape, slope)
                            .expect(
                                    engine,
                                    engine.unaryBackward(function, g, argument, argument),
                                    DIFFERENCE,
                                    "the gradient of " + function);
                }
            });
        }
    }

    static void binary(EngineTrial trial) {
        Engine engine = trial.engine();
        for (Binary function : Binary.values()) {
            trial.each("binary " + function, random -> {
                Shape left = EngineTrial.shape(random, 1, true);
                Shape right = EngineTrial.against(left, random);
                boolean logic = function == Binary.AND || function == Binary.OR;
                Dense a = logic ? truths(left, random) : halves(left, random);
                Dense b = logic ? truths(right, random) : halves(right, random);
                DType dtype = logic ? DType.BOOL : DType.FLOAT64;
                Dense expected = Dense.of(left.broadcast(right), index -> value(function, a.at(index), b.at(index)));
                try (Array x = a.on(engine, dtype);
                        Array y = b.on(engine, dtype)) {
                    Array found = engine.binary(function, x, y);
                    Expect.equal(
                            found.dtype(),
                            function.isPredicate() ? DType.BOOL : dtype,
                            "the element type of " + function);
                    expected.expect(engine, found, ROUNDING, function + " of " + left + " and " + right);
                    if (!logic) {
                        Dense.of(left, index -> value(function, a.at(index), 1.5))
                                .expect(engine, engine.binary(function, x, 1.5), ROUNDING, function + " with a number");
                    }
                }
            });
        }
    }

    private static Dense truths(Shape shape, RandomStream random) {
        return Dense.of(shape, index -> random.nextInt(2));
    }

    /** Multiples of a half between 0.5 and 2.5, so that equal pairs are among them. */
    private static Dense halves(Shape shape, RandomStream random) {
        return Dense.of(shape, index -> 0.5 + 0.5 * random.nextInt(5));
    }

    private static double value(Binary function, double a, double b) {
        return switch (function) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case POW -> Math.pow(a, b);
            case EQ -> a == b ? 1 : 0;
            case NE -> a != b ? 1 : 0;
            case LT -> a < b ? 1 : 0;
            case LE -> a <= b ? 1 : 0;
            case GT -> a > b ? 1 : 0;
            case GE -> a >= b ? 1 : 0;
            case AND -> a != 0 && b != 0 ? 1 : 0;
            case OR -> a != 0 || b != 0 ? 1 : 0;
        };
    }

    static void extremes(EngineTrial trial) {
        Engine engine = trial.engine();
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -1, 1e300};
        Shape square = Shape.of(special.length, special.length);
        Dense a = Dense.of(square, index -> special[index[0]]);
        Dense b = Dense.of(square, index -> special[index[1]]);
        try (Array x = a.on(engine);
                Array y = b.on(engine)) {
            for (Binary function : Binary.values()) {
                if (function != Binary.POW && function != Binary.AND && function != Binary.OR) {
                    Dense.of(square, index -> value(function, a.at(index), b.at(index)))
                            .expect(
                                    engine,
                                    engine.binary(function, x, y),
                                    ROUNDING,
                                    function + " of NaN and infinities");
                }
            }
            for (Unary function : List.of(Unary.NEG, Unary.EXP, Unary.SQUARE, Unary.ABS, Unary.TANH, Unary.SQRT)) {
                Dense.of(square, index -> value(function, a.at(index)))
                        .expect(engine, engine.unary(function, x), ROUNDING, function + " of NaN and infinities");
            }
            Expect.that(!engine.allFinite(x), "allFinite holds for NaN and infinities");
            try (Array sum = engine.reduce(Reduction.SUM, x, new int[] {0}, false)) {
                Expect.that(Double.isNaN(Doubles.of(engine, sum)[0]), "the sum of NaN and others is no NaN");
            }
        }
    }

    static void reductions(EngineTrial trial) {
        Engine engine = trial.engine();
        for (Reduction reduction : Reduction.values()) {
            trial.each("reduce " + reduction, random -> {
                boolean extremum = reduction == Reduction.MAX || reduction == Reduction.MIN;
                Shape shape = EngineTrial.shape(random, 1, !extremum);
                Dense x = Dense.random(shape, random);
                int axis = random.nextInt(shape.rank());
                boolean keep = random.nextInt(2) == 0;
                Shape folded = keep ? shape.with(axis, 1) : shape.without(axis);
                Dense expected = Dense.of(folded, index -> fold(reduction, x, index, axis, keep));
                try (Array a = x.on(engine)) {
                    expected.expect(
                            engine,
                            engine.reduce(reduction, a, new int[] {axis}, keep),
                            ROUNDING,
                            reduction + " of " + shape + " along " + axis);
                }
            });
        }
    }

    private static double fold(Reduction reduction, Dense x, int[] index, int axis, boolean keep) {
        long count = x.shape().size(axis);
        double result = reduction == Reduction.MAX
                ? Double.NEGATIVE_INFINITY
                : reduction == Reduction.MIN ? Double.POSITIVE_INFINITY : 0;
        for (int i = 0; i < count; i++) {
            double value = x.at(inserted(index, axis, i, keep));
            result = switch (reduction) {
                case SUM, MEAN -> result + value;
                case MAX -> Math.max(result, value);
                case MIN -> Math.min(result, value);
            };
        }
        return reduction == Reduction.MEAN ? result / count : result;
    }

    /** An index with one more axis, or with an axis of extent 1 replaced. */
    static int[] inserted(int[] index, int axis, int value, boolean keep) {
        int[] full = new int[keep ? index.length : index.length + 1];
        for (int i = 0, from = 0; i < full.length; i++) {
            full[i] = i == axis ? value : index[from];
            from += i != axis || keep ? 1 : 0;
        }
        return full;
    }

    static void along(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("along", random -> {
            Shape shape = EngineTrial.shape(random, 1, false);
            Dense x = Dense.of(shape, index -> 40 * random.nextDouble() - 20);
            int axis = random.nextInt(shape.rank());
            Dense total = Dense.of(shape, index -> sum(x, index, axis));
            try (Array a = x.on(engine)) {
                Dense.of(shape, index -> Math.exp(x.at(index)) / total.at(index))
                        .expect(engine, engine.softmax(a, axis), ROUNDING, "softmax of " + shape);
                Dense.of(shape, index -> x.at(index) - Math.log(total.at(index)))
                        .expect(engine, engine.logSoftmax(a, axis), ROUNDING, "logSoftmax of " + shape);
                Dense.of(shape, index -> running(x, index, axis))
                        .expect(engine, engine.cumulativeSum(a, axis), ROUNDING, "cumulativeSum of " + shape);
                Dense.of(shape.without(axis), index -> largest(x, index, axis))
                        .expect(engine, engine.argMax(a, axis), 0, "argMax of " + shape);
            }
            try (Array huge = new Dense(Shape.of(2), new double[] {1000, 1001}).on(engine)) {
                new Dense(Shape.of(2), new double[] {1 / (1 + Math.E), Math.E / (1 + Math.E)})
                        .expect(engine, engine.softmax(huge, 0), ROUNDING, "softmax of large numbers");
            }
        });
    }

    private static double sum(Dense x, int[] index, int axis) {
        double sum = 0;
        for (int i = 0; i < x.shape().size(axis); i++) {
            sum += Math.exp(x.at(inserted(index, axis, i, true)));
        }
        return sum;
    }

    private static double running(Dense x, int[] index, int axis) {
        double sum = 0;
        for (int i = 0; i <= index[axis]; i++) {
            sum += x.at(inserted(index, axis, i, true));
        }
        return sum;
    }

    private static double largest(Dense x, int[] index, int axis) {
        int best = 0;
        for (int i = 1; i < x.shape().size(axis); i++) {
            boolean larger = x.at(inserted(index, axis, i, false)) > x.at(inserted(index, axis, best, false));
            best = larger ? i : best;
        }
        return best;
    }

    static void casts(EngineTrial trial) {
        Engine engine = trial.engine();
        double[] numbers = {0, 1, 2, 3, 100, 127};
        Dense x = new Dense(Shape.of(2, 3), numbers);
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                if (from != DType.BOOL && to != DType.BOOL) {
                    try (Array a = x.on(engine, from)) {
                        Array cast = engine.cast(a, to);
                        Expect.equal(cast.dtype(), to, "the element type after a cast");
                        x.expect(engine, cast, 0, "a cast from " + from + " to " + to);
                    }
                }
            }
        }
        // 1 + 2^-9 lies between two neighbours of bfloat16 and is rounded to the even one
        try (Array fine = new Dense(Shape.of(2), new double[] {1 + Math.pow(2, -9), -3.140625}).on(engine);
                Array coarse = engine.cast(fine, DType.BFLOAT16)) {
            new Dense(Shape.of(2), new double[] {1, -3.140625})
                    .expect(engine, engine.cast(coarse, DType.FLOAT64), 0, "rounding to bfloat16");
        }
    }
}
