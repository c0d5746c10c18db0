package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Elements in and out. Fresh memory holds NaN, so that reading what was never written shows. */
interface HostCreation extends HostMemory {
    @Override
    default Array empty(Shape shape, DType dtype) {
        return full(shape, dtype, dtype.isFloating() ? Double.NaN : 77);
    }

    @Override
    default Array full(Shape shape, DType dtype, double value) {
        double[] values = new double[Math.toIntExact(shape.elements())];
        Arrays.fill(values, value);
        return make(values, shape, dtype);
    }

    @Override
    default Array range(long start, long end, DType dtype) {
        double[] values = new double[Math.toIntExact(end - start)];
        Arrays.setAll(values, i -> start + i);
        return make(values, Shape.of(values.length), dtype);
    }

    @Override
    default Array uniform(Shape shape, DType dtype, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double belowOne = 1 - Math.ulp(1.0f);
        return drawn(shape, dtype, () -> Math.min(belowOne, random.nextDouble()));
    }

    @Override
    default Array normal(Shape shape, DType dtype, long seed) {
        return drawn(shape, dtype, new Random(seed)::nextGaussian);
    }

    private Array drawn(Shape shape, DType dtype, DoubleSupplier source) {
        double[] values = new double[Math.toIntExact(shape.elements())];
        Arrays.setAll(values, i -> source.getAsDouble());
        return make(values, shape, dtype);
    }

    @Override
    default Array wrap(ByteBuffer memory, Shape shape, DType dtype) {
        if (memory.remaining() != shape.elements() * dtype.bytes()) {
            throw new IllegalArgumentException(
                    memory.remaining() + " bytes do not hold shape " + shape + " of " + dtype);
        }
        Array array = empty(shape, dtype);
        write(array, 0, memory.duplicate());
        return array;
    }

    @Override
    default void write(Array target, long byteOffset, ByteBuffer source) {
        HostArray array = (HostArray) target;
        ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int[] positions = array.positions();
        for (int i = Math.toIntExact(byteOffset / array.dtype().bytes()); bytes.hasRemaining(); i++) {
            array.elements()[positions[i]] = Rounding.read(array.dtype(), bytes);
        }
    }

    @Override
    default void read(Array source, long byteOffset, ByteBuffer target) {
        double[] values = values(source);
        ByteBuffer bytes = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = Math.toIntExact(byteOffset / source.dtype().bytes()); bytes.hasRemaining(); i++) {
            Rounding.write(values[i], source.dtype(), bytes);
        }
    }
}
