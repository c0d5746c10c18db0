package dev.graft.spi.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Operations that bring elements into an engine and out of it.
 *
 * <p>What is written or wrapped MUST be read back, for every type and shape, empty ones among them (rule 10.01).
 * Random numbers MUST follow their seed alone (rule 10.12). Ranges and fills MUST hold what they say (rule 10.30).
 */
public interface Creation {
    /** An array whose elements are undefined until written. */
    Array empty(Shape shape, DType dtype);

    /** An array filled with one value. */
    Array full(Shape shape, DType dtype, double value);

    /** The integers {@code start, start + 1, ..., end - 1}, shape {@code [end - start]}. */
    Array range(long start, long end, DType dtype);

    /**
     * Numbers drawn evenly from {@code [0, 1)}. The same seed gives the same numbers on the same engine, whatever was
     * drawn before.
     */
    Array uniform(Shape shape, DType dtype, long seed);

    /** Numbers drawn from the standard normal distribution; seeded as {@link #uniform}. */
    Array normal(Shape shape, DType dtype, long seed);

    /**
     * An array over the remaining little-endian bytes of {@code memory}. A direct buffer may be shared instead of
     * copied: the caller must neither change nor unmap it while the array lives, and nobody writes to such an array.
     *
     * @throws IllegalArgumentException if the buffer does not hold exactly the bytes of {@code shape}
     */
    Array wrap(ByteBuffer memory, Shape shape, DType dtype);

    /** Copies the remaining little-endian bytes of {@code source} into a contiguous array, from a byte offset on. */
    void write(Array target, long byteOffset, ByteBuffer source);

    /** Fills {@code target} with little-endian bytes of the array in row-major order, from a byte offset on. */
    void read(Array source, long byteOffset, ByteBuffer target);

    /** An array with elements copied from a host array. */
    default Array of(float[] values, Shape shape) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Array array = empty(shape, DType.FLOAT32);
        write(array, 0, bytes);
        return array;
    }

    /** An array with elements copied from a host array. */
    default Array of(double[] values, Shape shape) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        Array array = empty(shape, DType.FLOAT64);
        write(array, 0, bytes);
        return array;
    }

    /** An array with elements copied from a host array. */
    default Array of(long[] values, Shape shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        Array array = empty(shape, DType.INT64);
        write(array, 0, bytes);
        return array;
    }
}
