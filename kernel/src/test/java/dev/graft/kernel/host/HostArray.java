package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.util.concurrent.atomic.AtomicBoolean;

/** A strided view of elements, each kept as a double that its dtype can represent. */
final class HostArray implements Array {
    private final Ledger ledger;
    private final double[] elements;
    private final int offset;
    private final int[] strides;
    private final Shape shape;
    private final DType dtype;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HostArray(Ledger ledger, double[] elements, int offset, int[] strides, Shape shape, DType dtype) {
        this.ledger = ledger;
        this.elements = elements;
        this.offset = offset;
        this.strides = strides;
        this.shape = shape;
        this.dtype = dtype;
        ledger.opened(this);
    }

    /** A contiguous array that takes over elements already rounded to the dtype. */
    static HostArray contiguous(Ledger ledger, double[] elements, Shape shape, DType dtype) {
        int[] strides = new int[shape.rank()];
        int step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.toIntExact(shape.size(axis));
        }
        return new HostArray(ledger, elements, 0, strides, shape, dtype);
    }

    /** Another view of the same elements. */
    HostArray view(int newOffset, int[] newStrides, Shape newShape) {
        return new HostArray(ledger, elements, newOffset, newStrides, newShape, dtype);
    }

    double[] elements() {
        if (closed.get()) {
            throw new IllegalStateException("an array of shape " + shape + " was used after it was closed");
        }
        return elements;
    }

    int offset() {
        return offset;
    }

    int[] strides() {
        return strides.clone();
    }

    /** Index into {@link #elements} of every element of this view, row-major. */
    int[] positions() {
        int[] positions = new int[Math.toIntExact(shape.elements())];
        if (positions.length == 0) {
            return positions;
        }
        int filled = 1;
        positions[0] = offset;
        for (int axis = 0; axis < shape.rank(); axis++) {
            int size = (int) shape.size(axis);
            for (int i = filled - 1; i >= 0; i--) {
                int base = positions[i];
                for (int k = size - 1; k >= 0; k--) {
                    positions[i * size + k] = base + k * strides[axis];
                }
            }
            filled *= size;
        }
        return positions;
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
        if (closed.compareAndSet(false, true)) {
            ledger.closed(this);
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }
}
