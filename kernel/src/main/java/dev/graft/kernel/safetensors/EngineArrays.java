package dev.graft.kernel.safetensors;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Moves tensors between files and an engine. */
public final class EngineArrays {
    /** Bytes per piece when an array is read: large enough to keep a disk busy. */
    private static final int PIECE = 16 << 20;

    private EngineArrays() {}

    /** The elements of a contiguous array, read piece by piece when asked for. The array stays the caller's. */
    public static TensorData data(Engine engine, Array array) {
        return new TensorData(array.dtype(), array.shape(), consumer -> {
            long bytes = array.bytes();
            ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(PIECE, bytes));
            for (long at = 0; at < bytes; at += PIECE) {
                piece.clear().limit((int) Math.min(PIECE, bytes - at));
                engine.read(array, at, piece);
                piece.rewind();
                consumer.accept(piece.slice().order(ByteOrder.LITTLE_ENDIAN));
            }
        });
    }

    /** A new array with a copy of the elements. */
    public static Array copy(Engine engine, TensorData data) {
        Array array = engine.empty(data.shape(), data.dtype());
        try {
            long[] at = {0};
            data.elements().forEachPiece(piece -> {
                int bytes = piece.remaining();
                engine.write(array, at[0], piece);
                at[0] += bytes;
            });
            return array;
        } catch (RuntimeException e) {
            array.close();
            throw e;
        }
    }

    /**
     * An array over the mapped memory itself where that is possible, else a copy: the data must lie in one piece of
     * direct memory, and at an address its element type can be read from. The file stays open until the array is closed,
     * and nobody writes to the array.
     */
    public static Array share(Engine engine, TensorData data) {
        Optional<ByteBuffer> memory = data.elements().memory();
        if (memory.isPresent() && shareable(memory.get(), data.dtype().bytes())) {
            return engine.wrap(memory.get(), data.shape(), data.dtype());
        }
        return copy(engine, data);
    }

    private static boolean shareable(ByteBuffer memory, int unit) {
        return memory.isDirect() && memory.hasRemaining() && memory.alignmentOffset(memory.position(), unit) == 0;
    }
}
