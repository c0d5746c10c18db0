package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.RuleBroken;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * An array in double precision on the host, computed index by index: the reference that engines are held against.
 *
 * @param shape its extents
 * @param values its elements, row-major
 */
record Dense(Shape shape, double[] values) {
    /** Every element from its index. */
    static Dense of(Shape shape, ToDoubleFunction<int[]> element) {
        double[] values = new double[Math.toIntExact(shape.elements())];
        int[] index = new int[shape.rank()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.applyAsDouble(index);
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.size(axis); axis--) {
                index[axis] = 0;
            }
        }
        return new Dense(shape, values);
    }

    /** The elements of an array, which is closed. */
    static Dense taken(Engine engine, Array array) {
        try (array) {
            return new Dense(array.shape(), Doubles.of(engine, array));
        }
    }

    /** Numbers between -2 and 2 that are the same in single precision. */
    static Dense random(Shape shape, RandomStream random) {
        return of(shape, index -> (float) (4 * random.nextDouble() - 2));
    }

    /** Numbers between 0.5 and 2. */
    static Dense positive(Shape shape, RandomStream random) {
        return of(shape, index -> (float) (0.5 + 1.5 * random.nextDouble()));
    }

    /** The element at an index; axes of extent 1 are stretched, and leading axes are left out as broadcasting has it. */
    double at(int... index) {
        int flat = 0;
        int missing = index.length - shape.rank();
        for (int axis = 0; axis < shape.rank(); axis++) {
            int extent = Math.toIntExact(shape.size(axis));
            flat = flat * extent + (extent == 1 ? 0 : index[axis + missing]);
        }
        return values[flat];
    }

    /**
     * The same elements on an engine, in double precision: in one piece, as a view of a larger array, or as one whose axes lie
     * in memory the other way round. The elements decide which, so that the same seed gives the same.
     */
    Array on(Engine engine) {
        return switch (shape.rank() == 0 || values.length == 0 ? 0 : Math.floorMod(Arrays.hashCode(values), 4)) {
            case 1 -> cut(engine);
            case 2 -> turned(engine);
            default -> inOnePiece(engine);
        };
    }

    /** The same elements on an engine, in double precision and in row-major order, as what is written to in place has to be. */
    Array inOnePiece(Engine engine) {
        return engine.of(values, shape);
    }

    /** The same elements as a part of an array that is NaN everywhere else. */
    Array cut(Engine engine) {
        int last = shape.rank() - 1;
        long extent = shape.size(last);
        Dense larger = of(shape.with(last, extent + 2), index -> {
            int[] inside = index.clone();
            inside[last]--;
            return inside[last] < 0 || inside[last] >= extent ? Double.NaN : at(inside);
        });
        try (Array whole = larger.inOnePiece(engine)) {
            return engine.slice(whole, last, 1, 1 + extent);
        }
    }

    /** The same elements, whose axes lie in memory the other way round. */
    Array turned(Engine engine) {
        int rank = shape.rank();
        long[] sizes = new long[rank];
        int[] order = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            order[axis] = rank - 1 - axis;
            sizes[axis] = shape.size(order[axis]);
        }
        Dense reversed = of(Shape.of(sizes), index -> {
            int[] back = new int[rank];
            for (int axis = 0; axis < rank; axis++) {
                back[axis] = index[order[axis]];
            }
            return at(back);
        });
        try (Array whole = reversed.inOnePiece(engine)) {
            return engine.permute(whole, order);
        }
    }

    /** The same elements on an engine in another element type. */
    Array on(Engine engine, DType dtype) {
        try (Array wide = on(engine)) {
            return engine.cast(wide, dtype);
        }
    }

    /**
     * Compares what an engine computed, and closes it.
     *
     * @throws RuleBroken if shape or an element differ
     */
    void expect(Engine engine, Array found, double tolerance, String what) {
        try (found) {
            if (!found.shape().equals(shape)) {
                throw new RuleBroken(what + " has shape " + found.shape() + " where " + shape + " was expected");
            }
            double[] elements = Doubles.of(engine, found);
            for (int i = 0; i < elements.length; i++) {
                boolean same = Double.compare(elements[i], values[i]) == 0
                        || elements[i] == values[i]
                        || (Double.isNaN(elements[i]) && Double.isNaN(values[i]))
                        || Math.abs(elements[i] - values[i]) <= tolerance * Math.max(1, Math.abs(values[i]));
                if (!same) {
                    throw new RuleBroken(what + ": element " + i + " of " + shape + " is " + elements[i] + " where "
                            + values[i] + " was expected");
                }
            }
        }
    }

    @Override
    public String toString() {
        return shape + Arrays.toString(values);
    }
}
