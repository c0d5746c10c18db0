package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Moving elements, handles, random numbers and threads. */
final class StructureChecks {
    private static final int THREADS = 3;

    private StructureChecks() {}

    static void bytes(EngineTrial trial) {
        Engine engine = trial.engine();
        for (DType dtype : DType.values()) {
            trial.each("bytes " + dtype, random -> {
                Shape shape = EngineTrial.shape(random, 0, true);
                byte[] bytes = new byte[Math.toIntExact(shape.elements()) * dtype.bytes()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) random.nextInt(dtype == DType.BOOL ? 2 : 100);
                }
                try (Array array = engine.empty(shape, dtype)) {
                    engine.write(array, 0, direct(bytes));
                    Expect.equal(array.shape(), shape, "the shape of an array");
                    Expect.that(
                            Arrays.equals(read(engine, array), bytes),
                            "bytes of " + dtype + " " + shape + " that were written are not read back");
                }
                try (Array wrapped = engine.wrap(direct(bytes), shape, dtype)) {
                    Expect.that(
                            Arrays.equals(read(engine, wrapped), bytes),
                            "wrapped bytes of " + dtype + " " + shape + " are not read back");
                }
            });
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(bytes).flip();
        return buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] read(Engine engine, Array array) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Math.toIntExact(array.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, buffer);
        byte[] bytes = new byte[buffer.capacity()];
        buffer.rewind().get(bytes);
        return bytes;
    }

    static void moving(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("moving", random -> {
            Shape shape = EngineTrial.shape(random, 2, true);
            Dense x = Dense.random(shape, random);
            try (Array a = x.on(engine)) {
                new Dense(Shape.of(shape.elements()), x.values())
                        .expect(engine, engine.reshape(a, Shape.of(shape.elements())), 0, "reshape of " + shape);
                int[] order = permutation(shape.rank(), random);
                long[] sizes = Arrays.stream(order).mapToLong(shape::size).toArray();
                Dense.of(Shape.of(sizes), index -> x.at(unpermuted(index, order)))
                        .expect(engine, engine.permute(a, order), 0, "permute of " + shape);
                int axis = random.nextInt(shape.rank());
                long from = random.nextInt((int) shape.size(axis) + 1);
                long to = from + random.nextInt((int) (shape.size(axis) - from) + 1);
                Dense.of(shape.with(axis, to - from), index -> x.at(shifted(index, axis, (int) from)))
                        .expect(engine, engine.slice(a, axis, from, to), 0, "slice of " + shape);
                Dense.of(shape.with(axis, 2 * shape.size(axis)), index -> x.at(folded(index, axis, shape)))
                        .expect(engine, engine.concat(List.of(a, a), axis), 0, "concat of " + shape);
                try (Array moved = engine.permute(a, order);
                        Array plain = engine.copy(moved)) {
                    Expect.that(
                            Arrays.equals(Doubles.of(engine, moved), Doubles.of(engine, plain)),
                            "a copy of a permuted array is another one");
                }
            }
            Shape narrow = Shape.of(1, 3);
            Dense row = Dense.random(narrow, random);
            try (Array a = row.on(engine)) {
                Dense.of(Shape.of(2, 4, 3), row::at)
                        .expect(engine, engine.expand(a, Shape.of(2, 4, 3)), 0, "expand of [1, 3]");
            }
        });
    }

    private static int[] permutation(int rank, RandomStream random) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            int swap = random.nextInt(i + 1);
            order[i] = order[swap];
            order[swap] = i;
        }
        return order;
    }

    private static int[] unpermuted(int[] index, int[] order) {
        int[] source = new int[index.length];
        for (int i = 0; i < order.length; i++) {
            source[order[i]] = index[i];
        }
        return source;
    }

    private static int[] shifted(int[] index, int axis, int by) {
        int[] source = index.clone();
        source[axis] += by;
        return source;
    }

    private static int[] folded(int[] index, int axis, Shape shape) {
        int[] source = index.clone();
        source[axis] %= (int) shape.size(axis);
        return source;
    }

    static void picking(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("picking", random -> {
            Shape shape = Shape.of(2L + random.nextInt(3), 1L + random.nextInt(4), 3);
            Dense x = Dense.random(shape, random);
            int axis = random.nextInt(3);
            int extent = (int) shape.size(axis);
            // the first index is there twice, so that sums have something to add up
            long[] picks = {random.nextInt(extent), 0, random.nextInt(extent)};
            picks[1] = picks[0];
            Shape picked = shape.with(axis, picks.length);
            Dense source = Dense.random(picked, random);
            try (Array a = x.on(engine);
                    Array index = engine.of(picks, Shape.of(picks.length));
                    Array s = source.on(engine)) {
                Dense.of(picked, at -> x.at(replaced(at, axis, picks)))
                        .expect(engine, engine.select(a, axis, index), 0, "select of " + shape);
                try (Array target = engine.copy(a)) {
                    engine.selectAddInPlace(target, axis, index, s);
                    Dense.of(shape, at -> x.at(at) + added(source, at, axis, picks))
                            .expect(
                                    engine,
                                    engine.copy(target),
                                    ElementChecks.ROUNDING,
                                    "selectAddInPlace of " + shape);
                }
                Dense places = Dense.of(picked, at -> random.nextInt(extent));
                try (Array positions = places.on(engine, DType.INT64)) {
                    Dense.of(picked, at -> x.at(placed(at, axis, (int) places.at(at))))
                            .expect(engine, engine.gather(a, axis, positions), 0, "gather of " + shape);
                }
                Dense table = Dense.random(Shape.of(5, 2), random);
                Dense ids = Dense.of(Shape.of(2, 3), at -> random.nextInt(5));
                try (Array rows = table.on(engine);
                        Array lookups = ids.on(engine, DType.INT64)) {
                    Dense.of(Shape.of(2, 3, 2), at -> table.at((int) ids.at(at[0], at[1]), at[2]))
                            .expect(engine, engine.embedding(rows, lookups), 0, "embedding");
                }
            }
        });
    }

    private static int[] replaced(int[] index, int axis, long[] picks) {
        return placed(index, axis, (int) picks[index[axis]]);
    }

    private static int[] placed(int[] index, int axis, int value) {
        int[] source = index.clone();
        source[axis] = value;
        return source;
    }

    private static double added(Dense source, int[] index, int axis, long[] picks) {
        double sum = 0;
        for (int i = 0; i < picks.length; i++) {
            sum += picks[i] == index[axis] ? source.at(placed(index, axis, i)) : 0;
        }
        return sum;
    }

    static void handles(EngineTrial trial) throws Exception {
        Engine engine = trial.engine();
        long before = engine.liveArrays();
        Array array = engine.full(Shape.of(2, 2), DType.FLOAT32, 3);
        Array view = engine.reshape(array, Shape.of(4));
        Expect.equal(engine.liveArrays(), before + 2, "live arrays after two handles were given out");
        array.close();
        array.close();
        Expect.that(array.isClosed() && !view.isClosed(), "closing one handle closed the other, or none");
        Expect.equal(Doubles.of(engine, view)[3], 3.0, "an element behind the handle that is still open");
        view.close();
        Expect.equal(engine.liveArrays(), before, "live arrays after both were closed");
        boolean threw = false;
        try {
            engine.unary(Unary.NEG, view).close();
        } catch (RuntimeException used) {
            threw = true;
        }
        Expect.that(threw, "a closed array could be used");
    }

    static void randomNumbers(EngineTrial trial) {
        Engine engine = trial.engine();
        Shape shape = Shape.of(50, 40);
        try (Array one = engine.uniform(shape, DType.FLOAT32, trial.seed());
                Array between = engine.normal(Shape.of(3), DType.FLOAT32, 1);
                Array again = engine.uniform(shape, DType.FLOAT32, trial.seed());
                Array other = engine.uniform(shape, DType.FLOAT32, trial.seed() + 1);
                Array normal = engine.normal(shape, DType.FLOAT32, trial.seed())) {
            double[] numbers = Doubles.of(engine, one);
            Expect.that(between.shape().elements() == 3, "three numbers were asked for");
            Expect.that(Arrays.equals(numbers, Doubles.of(engine, again)), "the same seed gave other numbers");
            Expect.that(!Arrays.equals(numbers, Doubles.of(engine, other)), "another seed gave the same numbers");
            Expect.that(
                    Arrays.stream(numbers).allMatch(number -> number >= 0 && number < 1),
                    "a number of uniform lies outside of [0, 1)");
            double mean = Arrays.stream(numbers).average().orElseThrow();
            Expect.that(Math.abs(mean - 0.5) < 0.05, "2,000 uniform numbers have mean " + mean);
            double[] drawn = Doubles.of(engine, normal);
            double square = Arrays.stream(drawn)
                    .map(number -> number * number)
                    .average()
                    .orElseThrow();
            Expect.that(Math.abs(square - 1) < 0.2, "2,000 normal numbers have mean square " + square);
        }
    }

    static void inPlace(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("in place", random -> {
            Shape shape = EngineTrial.shape(random, 1, true);
            Dense x = Dense.random(shape, random);
            Dense y = Dense.random(EngineTrial.against(shape, random), random);
            try (Array target = x.on(engine);
                    Array other = y.on(engine)) {
                engine.addInPlace(target, other, 0.5);
                Dense sum = Dense.of(shape, index -> x.at(index) + 0.5 * y.at(index));
                sum.expect(engine, engine.copy(target), ElementChecks.ROUNDING, "addInPlace");
                engine.scaleInPlace(target, -2);
                Dense.of(shape, index -> -2 * sum.at(index))
                        .expect(engine, engine.copy(target), ElementChecks.ROUNDING, "scaleInPlace");
                y.expect(engine, engine.copy(other), 0, "what was added in place, afterwards,");
            }
        });
    }

    static void threads(EngineTrial trial) throws InterruptedException, ExecutionException {
        Engine engine = trial.engine();
        Dense a = Dense.random(Shape.of(8, 8), RandomStream.seeded(trial.seed()));
        Callable<double[]> work = () -> {
            double[] result = null;
            for (int i = 0; i < 20; i++) {
                try (Array x = a.on(engine);
                        Array y = engine.matmul(x, x, false, true);
                        Array z = engine.softmax(y, 1)) {
                    result = Doubles.of(engine, z);
                }
            }
            return result;
        };
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<double[]>> results = executor.invokeAll(List.of(work, work, work));
            for (Future<double[]> result : results) {
                Expect.that(Arrays.equals(result.get(), results.get(0).get()), "threads came to different results");
            }
        } finally {
            executor.shutdown();
        }
    }
}
