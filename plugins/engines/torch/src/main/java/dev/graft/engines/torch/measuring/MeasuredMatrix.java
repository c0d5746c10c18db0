package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;

/** A frozen weight, which is held once, and once more from the first backward pass on. */
final class MeasuredMatrix implements FrozenMatrix {
    private final Account account;
    private final long inputs;
    private final long outputs;
    private final DType dtype;
    private boolean transposed;
    private boolean closed;

    MeasuredMatrix(Account account, long inputs, long outputs, DType dtype) {
        this.account = account;
        this.inputs = inputs;
        this.outputs = outputs;
        this.dtype = dtype;
        account.hold(bytes());
        account.count(1);
    }

    /** Bytes of one form. */
    long bytes() {
        return inputs * outputs * dtype.bytes();
    }

    /** Takes the second form into account, for types that are packed. */
    void transposed() {
        boolean packed = dtype == DType.FLOAT32 || dtype == DType.BFLOAT16;
        if (!transposed && packed) {
            transposed = true;
            account.scratch(2 * bytes());
            account.hold(bytes());
        }
    }

    /** What a product takes on its way with an operand of another type than the weight's. */
    void widen(DType operand) {
        if (operand != dtype) {
            account.scratch(bytes() + inputs * outputs * operand.bytes());
        }
    }

    @Override
    public long inputs() {
        return inputs;
    }

    @Override
    public long outputs() {
        return outputs;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            account.release(transposed ? 2 * bytes() : bytes());
            account.count(-1);
        }
    }
}
