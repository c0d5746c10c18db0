package dev.graft.kernel.safetensors;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The elements of a tensor outside any engine: in a file, on the heap, or made on demand.
 *
 * @param dtype element type
 * @param shape extents
 * @param elements the bytes in row-major order, little-endian
 */
public record TensorData(DType dtype, Shape shape, Elements elements) {
    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Elements {
        /**
         * Hands over all bytes in order, in pieces of at most 2 GiB. A piece is valid during the call only, so that
         * what produces it may reuse its buffer and free its memory at the end.
         */
        void forEachPiece(Consumer<ByteBuffer> consumer);

        /** The bytes in one piece that stays valid as long as the source is open, where there is such a thing. */
        default Optional<ByteBuffer> memory() {
            return Optional.empty();
        }
    }

    /**
     * A tensor over the remaining bytes of a buffer, which is shared.
     *
     * @throws IllegalArgumentException if the buffer does not hold exactly the bytes of {@code shape}
     */
    public static TensorData of(DType dtype, Shape shape, ByteBuffer bytes) {
        long wanted = shape.elements() * dtype.bytes();
        if (bytes.remaining() != wanted) {
            throw new IllegalArgumentException("a " + dtype.safetensorsName() + " tensor of shape " + shape + " takes "
                    + wanted + " bytes, not " + bytes.remaining());
        }
        return new TensorData(dtype, shape, new InMemory(littleEndian(bytes)));
    }

    /** A float32 tensor with copies of the values in row-major order. */
    public static TensorData of(Shape shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return of(DType.FLOAT32, shape, bytes);
    }

    /** Number of bytes. */
    public long bytes() {
        return Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    }

    /**
     * All bytes in one little-endian buffer, shared with the source where it has them in one piece, else copied.
     *
     * @throws ArithmeticException if there are more than 2 GiB
     */
    public ByteBuffer gather() {
        return elements.memory().map(TensorData::littleEndian).orElseGet(() -> {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(bytes()));
            elements.forEachPiece(all::put);
            return littleEndian(all.flip());
        });
    }

    private static ByteBuffer littleEndian(ByteBuffer bytes) {
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private record InMemory(ByteBuffer bytes) implements Elements {
        @Override
        public void forEachPiece(Consumer<ByteBuffer> consumer) {
            consumer.accept(littleEndian(bytes));
        }

        @Override
        public Optional<ByteBuffer> memory() {
            return Optional.of(littleEndian(bytes));
        }
    }
}
