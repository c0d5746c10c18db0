package dev.graft.tck.quantizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.quantizer.Quantizer;
import dev.graft.spi.quantizer.Quantizer.Quantized;
import dev.graft.tck.rule.Expect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** What becomes of the numbers of a weight. */
final class QuantizerChecks {
    /** Types that weights are stored in. */
    static final List<DType> STORED = List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

    private static final double ROUNDING = 1e-5;
    private static final double SETTLED = 1e-5;
    private static final int THREADS = 3;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");
    private static final List<Shape> ODD = List.of(
            Shape.of(1, 1),
            Shape.of(1, 7),
            Shape.of(5, 1),
            Shape.of(3, 65),
            Shape.of(33, 31),
            Shape.of(13),
            Shape.of(2, 3, 5),
            Shape.of(0, 4),
            Shape.of(4, 0));

    private QuantizerChecks() {}

    /** Something done with a quantised weight. */
    interface Work {
        void with(Quantizer quantizer, Quantized weight, Array original);
    }

    /** Quantises the weight that most rules are tried on, and frees it afterwards. */
    static void quantised(QuantizerTrial trial, DType dtype, Work work) {
        try (Array weight = trial.weight(QuantizerTrial.SHAPE, dtype)) {
            quantised(trial, weight, work);
        }
    }

    static void quantised(QuantizerTrial trial, Array weight, Work work) {
        Quantizer quantizer = trial.quantizer().get();
        Quantized made = quantizer.quantize(trial.engine(), weight);
        try {
            work.with(quantizer, made, weight);
        } finally {
            QuantizerTrial.close(made);
        }
    }

    static void weightStays(QuantizerTrial trial) {
        for (DType dtype : STORED) {
            try (Array weight = trial.weight(QuantizerTrial.SHAPE, dtype)) {
                float[] before = trial.floats(weight);
                quantised(trial, weight, (quantizer, made, original) -> trial.values(quantizer, made));
                Expect.that(!weight.isClosed(), "the weight was closed");
                Expect.sameBits(
                        trial.floats(weight), before, "the weight of type " + dtype + " after it was quantised");
            }
        }
    }

    static void remembers(QuantizerTrial trial) {
        for (DType dtype : STORED) {
            quantised(trial, dtype, (quantizer, made, original) -> {
                Expect.equal(made.shape(), original.shape(), "the shape of a quantised weight");
                Expect.equal(made.dtype(), dtype, "the type of a quantised weight");
                Expect.that(!made.parts().isEmpty(), "a quantised weight has no parts");
                made.parts()
                        .keySet()
                        .forEach(name -> Expect.that(NAME.matcher(name).matches(), "a part is called '" + name + "'"));
            });
        }
    }

    static void comesBack(QuantizerTrial trial) {
        for (DType stored : STORED) {
            quantised(trial, stored, (quantizer, made, original) -> {
                for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
                    try (Array values = quantizer.dequantize(trial.engine(), made, dtype)) {
                        Expect.equal(values.dtype(), dtype, "the type of what was dequantised");
                        Expect.equal(values.shape(), original.shape(), "the shape of what was dequantised");
                    }
                }
            });
        }
    }

    static void bounded(QuantizerTrial trial) {
        for (DType dtype : STORED) {
            quantised(trial, dtype, (quantizer, made, original) -> withinBound(trial, quantizer, made, original));
        }
    }

    private static void withinBound(QuantizerTrial trial, Quantizer quantizer, Quantized made, Array original) {
        double[] expected = wide(trial, original);
        double[] largest = trial.largest(expected, original.shape());
        double[] found = trial.values(quantizer, made);
        Expect.equal(found.length, expected.length, "the number of values of a weight " + original.shape());
        for (int i = 0; i < found.length; i++) {
            double bound = (trial.tried().error() + ROUNDING) * largest[i];
            Expect.that(
                    Math.abs(found[i] - expected[i]) <= bound,
                    "number " + i + " of a weight " + original.shape() + " of type " + original.dtype() + " is "
                            + found[i] + " instead of " + expected[i] + ", which is more apart than " + bound);
        }
    }

    private static double[] wide(QuantizerTrial trial, Array array) {
        float[] floats = trial.floats(array);
        double[] wide = new double[floats.length];
        Arrays.setAll(wide, i -> floats[i]);
        return wide;
    }

    static void zeros(QuantizerTrial trial) {
        int columns = (int) QuantizerTrial.SHAPE.size(1);
        Map<Integer, Float> some = new LinkedHashMap<>();
        for (int i = 0; i < 2 * columns; i++) {
            some.put(i, 0f);
        }
        some.put(5 * columns + 3, 0f);
        boolean[] kept = {true};
        try (Array weight = trial.changed(QuantizerTrial.SHAPE, some);
                Array nothing = trial.engine().full(QuantizerTrial.SHAPE, DType.FLOAT32, 0)) {
            for (Array zeros : List.of(weight, nothing)) {
                quantised(trial, zeros, (quantizer, made, original) -> {
                    withinBound(trial, quantizer, made, original);
                    double[] expected = wide(trial, original);
                    double[] found = trial.values(quantizer, made);
                    for (int i = 0; i < found.length; i++) {
                        boolean same = expected[i] == 0 ? found[i] == 0 : found[i] * expected[i] >= 0;
                        kept[0] &= same;
                        Expect.that(
                                same || !trial.can(QuantizerCapability.KEEP_ZERO),
                                "number " + i + " is " + found[i] + " instead of " + expected[i]);
                    }
                });
            }
        }
        Expect.that(
                trial.can(QuantizerCapability.KEEP_ZERO) || !kept[0],
                "it is said not to keep-zero, but zeros and signs stay");
    }

    static void settles(QuantizerTrial trial) {
        quantised(trial, DType.FLOAT32, (quantizer, made, original) -> {
            double[] once = trial.values(quantizer, made);
            double[] largest = trial.largest(once, original.shape());
            boolean[] same = {true};
            try (Array values = quantizer.dequantize(trial.engine(), made, DType.FLOAT32)) {
                quantised(trial, values, (again, second, first) -> {
                    double[] twice = trial.values(again, second);
                    for (int i = 0; i < twice.length; i++) {
                        boolean stays = Math.abs(twice[i] - once[i]) <= SETTLED * largest[i];
                        same[0] &= stays;
                        Expect.that(
                                stays || !trial.can(QuantizerCapability.SETTLE),
                                "number " + i + " is " + twice[i] + " the second time, and " + once[i] + " the first");
                    }
                });
            }
            Expect.that(
                    trial.can(QuantizerCapability.SETTLE) || !same[0],
                    "it is said not to settle, but quantising again changes nothing");
        });
    }

    static void sameParts(QuantizerTrial trial) {
        for (DType dtype : STORED) {
            quantised(
                    trial,
                    dtype,
                    (one, made, original) -> quantised(
                            trial,
                            original,
                            (other, again, same) -> sameParts(trial.parts(again), trial.parts(made), "again")));
        }
    }

    private static void sameParts(Map<String, float[]> found, Map<String, float[]> expected, String when) {
        Expect.equal(found.keySet(), expected.keySet(), "the names of parts " + when);
        expected.forEach((name, part) -> Expect.sameBits(found.get(name), part, "part " + name + " " + when));
    }

    static void smaller(QuantizerTrial trial) {
        for (DType dtype : STORED) {
            quantised(trial, dtype, (quantizer, made, original) -> {
                long bytes =
                        made.parts().values().stream().mapToLong(Array::bytes).sum();
                Expect.that(
                        bytes < original.bytes(),
                        "the parts of a weight of " + original.bytes() + " bytes, type " + dtype + ", take " + bytes);
            });
        }
    }

    static void notHidden(QuantizerTrial trial) throws Exception {
        for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (Array weight = trial.changed(QuantizerTrial.SHAPE, Map.of(70, number))) {
                Expect.refusal(() -> quantised(trial, weight, (quantizer, made, original) -> {
                    try (Array values = quantizer.dequantize(trial.engine(), made, DType.FLOAT32)) {
                        Expect.that(
                                !trial.engine().allFinite(values),
                                "a weight that holds " + number + " is quantised, and comes back finite");
                    }
                }));
            }
        }
    }

    static void oddShapes(QuantizerTrial trial) throws Exception {
        long before = trial.engine().liveArrays();
        for (Shape shape : ODD) {
            for (DType dtype : STORED) {
                try (Array weight = trial.weight(shape, dtype)) {
                    Expect.refusal(() -> quantised(trial, weight, (quantizer, made, original) -> {
                        Expect.equal(made.shape(), shape, "the shape of a quantised weight");
                        withinBound(trial, quantizer, made, original);
                    }));
                } catch (RuntimeException thrown) {
                    throw new IllegalStateException("a weight " + shape + " of type " + dtype + ": " + thrown, thrown);
                }
                Expect.equal(trial.engine().liveArrays(), before, "arrays alive after a weight " + shape);
            }
        }
    }

    static void throughFiles(QuantizerTrial trial) {
        Engine engine = trial.engine();
        for (DType dtype : STORED) {
            quantised(trial, dtype, (quantizer, made, original) -> {
                Map<String, Array> parts = new LinkedHashMap<>();
                made.parts().forEach((name, part) -> parts.put(name, copied(engine, part)));
                Quantized read = new Quantized(made.shape(), made.dtype(), parts);
                try {
                    Expect.sameBits(
                            floats(trial.values(trial.quantizer().get(), read)),
                            floats(trial.values(quantizer, made)),
                            "the values of parts that were written and read");
                } finally {
                    QuantizerTrial.close(read);
                }
            });
        }
    }

    private static Array copied(Engine engine, Array part) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.toIntExact(part.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(part, 0, bytes);
        bytes.rewind();
        Array copy = engine.empty(part.shape(), part.dtype());
        engine.write(copy, 0, bytes);
        return copy;
    }

    private static float[] floats(double[] wide) {
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    static void threads(QuantizerTrial trial) throws Exception {
        try (Array weight = trial.weight(QuantizerTrial.SHAPE, DType.FLOAT32)) {
            Quantizer quantizer = trial.quantizer().get();
            Quantized made = quantizer.quantize(trial.engine(), weight);
            Map<String, float[]> alone = trial.parts(made);
            QuantizerTrial.close(made);
            Callable<Void> work = () -> {
                for (int round = 0; round < 5; round++) {
                    Quantized own = quantizer.quantize(trial.engine(), weight);
                    Map<String, float[]> parts = trial.parts(own);
                    QuantizerTrial.close(own);
                    sameParts(parts, alone, "in one of several threads");
                }
                return null;
            };
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            try {
                for (Future<Void> done : executor.invokeAll(List.of(work, work, work))) {
                    done.get();
                }
            } finally {
                executor.shutdown();
            }
        }
    }
}
