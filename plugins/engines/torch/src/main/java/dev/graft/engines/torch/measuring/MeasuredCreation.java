package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Creation;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@link Creation} without elements. Integers that were written are read back, for they may decide on shapes; every
 * other floating-point number reads as 1 and every other integer as 0.
 */
interface MeasuredCreation extends Creation {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Array empty(Shape shape, DType dtype) {
        return account().fresh(shape, dtype);
    }

    @Override
    default Array full(Shape shape, DType dtype, double value) {
        return account().fresh(shape, dtype);
    }

    @Override
    default Array range(long start, long end, DType dtype) {
        return account().fresh(Shape.of(Math.max(0, end - start)), dtype);
    }

    @Override
    default Array uniform(Shape shape, DType dtype, long seed) {
        return account().fresh(shape, dtype);
    }

    @Override
    default Array normal(Shape shape, DType dtype, long seed) {
        return account().fresh(shape, dtype);
    }

    /** Memory that somebody else holds, such as that of a mapped file, counts as nothing. */
    @Override
    default Array wrap(ByteBuffer memory, Shape shape, DType dtype) {
        if (memory.isDirect()) {
            return new MeasuredArray(account(), new Storage(account(), 0), shape, Strides.contiguous(shape), dtype);
        }
        Array array = empty(shape, dtype);
        write(array, 0, memory);
        return array;
    }

    @Override
    default void write(Array target, long byteOffset, ByteBuffer source) {
        if (target.dtype().isFloating()) {
            source.position(source.limit());
            return;
        }
        MeasuredArray.of(target)
                .storage()
                .writable()
                .position(Math.toIntExact(byteOffset))
                .put(source);
    }

    @Override
    default void read(Array source, long byteOffset, ByteBuffer target) {
        ByteBuffer written = MeasuredArray.of(source).storage().written();
        if (written != null && written.capacity() == source.bytes()) {
            target.put(written.duplicate().position((int) byteOffset).limit((int) byteOffset + target.remaining()));
            return;
        }
        ByteBuffer little = target.order() == ByteOrder.LITTLE_ENDIAN ? target : target.order(ByteOrder.LITTLE_ENDIAN);
        while (little.hasRemaining()) {
            switch (source.dtype()) {
                case FLOAT64 -> little.putDouble(1);
                case FLOAT32 -> little.putFloat(1);
                case BFLOAT16 -> little.putShort((short) 0x3F80);
                case FLOAT16 -> little.putShort((short) 0x3C00);
                default -> little.put((byte) 0);
            }
        }
    }
}
