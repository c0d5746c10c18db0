package dev.graft.spi.engine;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The extents of an array, outermost first; a scalar has rank 0. Immutable. */
public final class Shape {
    private static final Shape SCALAR = new Shape(new long[0]);
    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /**
     * A shape with the given extents.
     *
     * @throws IllegalArgumentException if an extent is negative
     */
    public static Shape of(long... sizes) {
        for (long size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + " has a negative extent");
            }
        }
        return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
    }

    /** Number of axes. */
    public int rank() {
        return sizes.length;
    }

    /** Extent of an axis; negative axes count from the end. */
    public long size(int axis) {
        return sizes[axis(axis)];
    }

    /**
     * The axis as an index from the front.
     *
     * @throws IndexOutOfBoundsException if there is no such axis
     */
    public int axis(int axis) {
        int resolved = axis < 0 ? axis + sizes.length : axis;
        if (resolved < 0 || resolved >= sizes.length) {
            throw new IndexOutOfBoundsException("axis " + axis + " does not exist in shape " + this);
        }
        return resolved;
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        long product = 1;
        for (long size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** A copy of the extents. */
    public long[] toArray() {
        return sizes.clone();
    }

    /** This shape with one extent replaced. */
    public Shape with(int axis, long size) {
        long[] copy = sizes.clone();
        copy[axis(axis)] = size;
        return of(copy);
    }

    /** This shape without one axis. */
    public Shape without(int axis) {
        int dropped = axis(axis);
        long[] copy = new long[sizes.length - 1];
        System.arraycopy(sizes, 0, copy, 0, dropped);
        System.arraycopy(sizes, dropped + 1, copy, dropped, copy.length - dropped);
        return of(copy);
    }

    /**
     * The shape both operands are stretched to when combined element by element: axes are aligned at the end, and an
     * extent of 1 (or a missing axis) stretches.
     *
     * @throws IllegalArgumentException if two aligned extents differ and neither is 1
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        long[] result = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long a = i <= rank() ? sizes[rank() - i] : 1;
            long b = i <= other.rank() ? other.sizes[other.rank() - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException("shapes " + this + " and " + other + " do not broadcast");
            }
            result[rank - i] = a == 1 ? b : a;
        }
        return of(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
