package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Numbers on their way between Java and libtorch. */
final class Numbers {
    private Numbers() {}

    /** A number as an operand of elements of that type: whole for integers, so that large ones stay exact. */
    static Scalar scalar(double value, DType dtype) {
        return dtype.isFloating() || value != Math.rint(value) ? new Scalar(value) : new Scalar((long) value);
    }

    /** The memory of a contiguous tensor, from a byte offset on. */
    static ByteBuffer bytes(Tensor tensor, long byteOffset, int length) {
        BytePointer start = new BytePointer(tensor.data_ptr());
        return start.position(byteOffset).limit(byteOffset + length).asByteBuffer();
    }

    /** Checks that a transfer stays within an array. */
    static void checkRange(String operation, Array array, long byteOffset, long length) {
        if (byteOffset < 0 || byteOffset + length > array.bytes()) {
            throw new IndexOutOfBoundsException(operation + ": bytes " + byteOffset + " to " + (byteOffset + length)
                    + " lie outside an array of " + array.bytes() + " bytes");
        }
    }
}
