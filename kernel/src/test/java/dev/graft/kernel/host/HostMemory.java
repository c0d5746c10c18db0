package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.util.function.DoubleBinaryOperator;

/** How the operations get at elements. */
interface HostMemory extends Engine {
    /** What is out. */
    Ledger ledger();

    /** The elements in row-major order, copied. */
    default double[] values(Array x) {
        HostArray array = (HostArray) x;
        double[] elements = array.elements();
        int[] positions = array.positions();
        double[] values = new double[positions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements[positions[i]];
        }
        return values;
    }

    /** The elements of an array stretched to a shape, row-major. */
    default double[] values(Array x, Shape shape) {
        try (Array expanded = expand(x, shape)) {
            return values(expanded);
        }
    }

    /** A new array of values, which are rounded to the dtype. */
    default HostArray make(double[] values, Shape shape, DType dtype) {
        if (values.length != shape.elements()) {
            throw new IllegalArgumentException(values.length + " elements do not fill shape " + shape);
        }
        double[] rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Rounding.round(values[i], dtype);
        }
        return HostArray.contiguous(ledger(), rounded, shape, dtype);
    }

    /** Combines the elements of {@code target} with those of {@code x} and stores the rounded results in it. */
    default void update(Array target, double[] x, DoubleBinaryOperator function) {
        HostArray array = (HostArray) target;
        double[] elements = array.elements();
        int[] positions = array.positions();
        for (int i = 0; i < positions.length; i++) {
            elements[positions[i]] =
                    Rounding.round(function.applyAsDouble(elements[positions[i]], x[i]), array.dtype());
        }
    }

    /** Product of the extents of some axes. */
    static int product(Shape shape, int from, int to) {
        int product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= Math.toIntExact(shape.size(axis));
        }
        return product;
    }

    /** Refuses operands of different dtypes. */
    static void sameDType(Array a, Array b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException("operands have dtypes " + a.dtype() + " and " + b.dtype());
        }
    }

    /** Refuses operands of different shapes. */
    static void sameShape(Array a, Array b) {
        if (!a.shape().equals(b.shape())) {
            throw new IllegalArgumentException("operands have shapes " + a.shape() + " and " + b.shape());
        }
    }
}
