package dev.graft.spi.engine;

import java.util.List;

/**
 * Operations that move elements without changing them. Results may share elements with their argument.
 *
 * <p>Every element MUST come to where it belongs (rule 10.09), and repeated indices MUST be picked and added as
 * often as they are named (rule 10.10).
 */
public interface Indexing {
    /** The same elements in row-major order under another shape of the same size. */
    Array reshape(Array x, Shape shape);

    /** Axes in another order: axis {@code i} of the result is axis {@code order[i]} of {@code x}. */
    Array permute(Array x, int... order);

    /** The part of an axis from {@code from} (inclusive) to {@code to} (exclusive). */
    Array slice(Array x, int axis, long from, long to);

    /** Stretches axes of extent 1 (and adds leading axes) to reach {@code shape}. */
    Array expand(Array x, Shape shape);

    /** Joins arrays of one dtype along an axis. */
    Array concat(List<Array> parts, int axis);

    /**
     * Picks slices along an axis.
     *
     * @param index {@link DType#INT64}, shape {@code [n]}
     */
    Array select(Array x, int axis, Array index);

    /** Adds slices of {@code source} to the slices of {@code target} that {@code index [n]} names, in place. */
    void selectAddInPlace(Array target, int axis, Array index, Array source);

    /** For every position of {@code index}, the element of {@code x} at that index along the axis. */
    Array gather(Array x, int axis, Array index);

    /** Adds every element of {@code source} to {@code target} at its index along the axis, in place. */
    void gatherAddInPlace(Array target, int axis, Array index, Array source);

    /**
     * Rows of a table.
     *
     * @param table {@code [rows, width]}
     * @param ids any shape {@code s}, {@link DType#INT64}; ids must lie in {@code [0, rows)}
     * @return {@code [s..., width]}
     */
    Array embedding(Array table, Array ids);
}
