package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;

/** How many bytes are held, and how many were at most. */
final class Account {
    private long arrays;
    private long bytes;
    private long peak;
    private long peakWithScratch;

    /** A new array in memory of its own. */
    MeasuredArray fresh(Shape shape, DType dtype) {
        return keep(shape, Strides.contiguous(shape), dtype);
    }

    /** A new array in memory of its own, its axes laid out in some order. */
    MeasuredArray keep(Shape shape, long[] strides, DType dtype) {
        Storage storage = new Storage(this, shape.elements() * dtype.bytes());
        return new MeasuredArray(this, storage, shape, strides, dtype);
    }

    /** Notes that an operation takes that many bytes on its way, besides what is held. */
    void scratch(long more) {
        peakWithScratch = Math.max(peakWithScratch, bytes + more);
    }

    /** Takes bytes into account. */
    void hold(long more) {
        bytes += more;
        peak = Math.max(peak, bytes);
        scratch(0);
    }

    /** Undoes {@link #hold}. */
    void release(long less) {
        bytes -= less;
    }

    /** Counts a handle, or takes it back. */
    void count(int handles) {
        arrays += handles;
    }

    long arrays() {
        return arrays;
    }

    long bytes() {
        return bytes;
    }

    long peak() {
        return peak;
    }

    /** Most bytes that were held together with what an operation took on its way. */
    long peakWithScratch() {
        return peakWithScratch;
    }
}
