package dev.graft.spi.engine;

/**
 * A handle to elements held by an {@link Engine}, usually in native memory. Two arrays may share elements (a slice, a
 * reshape); the elements are freed when the last handle to them is closed. Handles are not garbage collected into
 * freedom: whoever received one closes it, exactly once.
 *
 * <p>Handles MUST be counted: elements live as long as the last of them (rule 10.11).
 */
public interface Array extends AutoCloseable {
    /** Extents, outermost first. */
    Shape shape();

    /** Element type. */
    DType dtype();

    /** Number of bytes the elements of this array take. */
    default long bytes() {
        return shape().elements() * dtype().bytes();
    }

    /** Gives the handle back. Closing twice has no further effect; any other use after closing throws. */
    @Override
    void close();

    /** Whether {@link #close()} was called. */
    boolean isClosed();
}
