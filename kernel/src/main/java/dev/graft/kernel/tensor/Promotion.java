package dev.graft.kernel.tensor;

import dev.graft.spi.engine.DType;

/** Where operands of different dtypes meet. */
final class Promotion {
    private Promotion() {}

    /** The dtype in which two operands meet: the wider one; a floating-point one before an integer one. */
    static DType meeting(DType a, DType b) {
        if (a == b) {
            return a;
        }
        if (a.isFloating() != b.isFloating()) {
            return a.isFloating() ? a : b;
        }
        if (a.bytes() == b.bytes()) {
            return a.isFloating() ? DType.FLOAT32 : DType.INT64;
        }
        return a.bytes() > b.bytes() ? a : b;
    }

    /** Brings a tensor to a dtype, differentiably; null stays null. */
    static ArrayTensor to(GraftTensors tensors, ArrayTensor x, DType dtype) {
        return x == null ? null : ElementOperations.cast(tensors, x, dtype);
    }
}
