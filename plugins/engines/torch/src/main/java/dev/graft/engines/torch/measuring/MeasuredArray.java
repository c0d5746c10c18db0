package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;

/** An array that has a shape, a layout and a size, but no elements. */
final class MeasuredArray implements Array {
    private final Account account;
    private final Storage storage;
    private final Shape shape;
    private final long[] strides;
    private final DType dtype;
    private boolean closed;

    MeasuredArray(Account account, Storage storage, Shape shape, long[] strides, DType dtype) {
        this.account = account;
        this.storage = storage;
        this.shape = shape;
        this.strides = strides;
        this.dtype = dtype;
        storage.retain();
        account.count(1);
    }

    /**
     * The array as a measuring engine's own.
     *
     * @throws IllegalArgumentException if it belongs to another engine
     */
    static MeasuredArray of(Array array) {
        if (array instanceof MeasuredArray own) {
            if (own.closed) {
                throw new IllegalStateException("an array of shape " + own.shape + " is used after it was closed");
            }
            return own;
        }
        throw new IllegalArgumentException("an array of another engine was given to one that measures");
    }

    /** Another array over the same memory. */
    MeasuredArray view(Shape other, long[] otherStrides) {
        return new MeasuredArray(account, storage, other, otherStrides, dtype);
    }

    Storage storage() {
        return storage;
    }

    long[] strides() {
        return strides;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            account.count(-1);
            storage.release();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
