package dev.graft.spi.engine;

import java.util.OptionalLong;

/**
 * Raw array operations on one device. Engines know nothing of gradients beyond the backward functions of composite
 * operations; the kernel's tape strings them together. Every returned array is a new handle that the caller closes;
 * arguments are never changed unless the method's name ends in {@code InPlace} or says so. Implementations are safe
 * for use by several threads on different arrays.
 *
 * <p>Threads MUST come to the same results as one (rule 10.21). An array that is a part of another one, or whose
 * axes were turned, MUST compute what a copy of it does (rule 10.31).
 */
public interface Engine
        extends Creation,
                Elementwise,
                Reductions,
                Matrices,
                Indexing,
                Normalization,
                Attention,
                Losses,
                Updates,
                AutoCloseable {
    /** The provider's id, for instance {@code torch}. */
    String id();

    /** The device and the libraries in use, in one line for bug reports. */
    String describe();

    /** Number of handles that were given out and not yet closed. */
    long liveArrays();

    /** Number of bytes behind live handles, shared elements counted once per handle. */
    long liveBytes();

    /**
     * Most bytes that were behind live arrays and frozen matrices at once, shared elements counted once; empty where an
     * engine keeps no account of it.
     */
    default OptionalLong peakBytes() {
        return OptionalLong.empty();
    }

    /**
     * Gives memory that was freed, and that an allocator keeps in pieces for later, back to the system. Arrays stay as they
     * are. What follows has to ask the system for memory again, so that this is for now and then, not for every step.
     */
    default void releaseUnused() {}

    /** Frees what the engine itself holds. */
    @Override
    void close();
}
