package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;

/** Conditions on arguments, each with a message that says what was found and what is allowed. */
final class Checks {
    private Checks() {}

    /** Two operands must hold elements of one type. */
    static void sameDType(String operation, Array a, Array b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(operation + ": operands hold " + a.dtype() + " and " + b.dtype()
                    + " elements, but must hold the same");
        }
    }

    /** The elements must be floating-point numbers. */
    static void floating(String operation, Array x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    operation + ": the operand holds " + x.dtype() + " elements, but must hold floating-point numbers");
        }
    }

    /** Indices must be 64-bit integers. */
    static void index(String operation, Array index) {
        if (index.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    operation + ": the index holds " + index.dtype() + " elements, but must hold INT64");
        }
    }

    /** The array must have that many axes. */
    static void rank(String operation, Array x, int rank) {
        if (x.shape().rank() != rank) {
            throw new IllegalArgumentException(
                    operation + ": an array of shape " + x.shape() + " was given, but it must have " + rank + " axes");
        }
    }

    /** Two extents must agree. */
    static void agree(String operation, String what, long found, long wanted) {
        if (found != wanted) {
            throw new IllegalArgumentException(operation + ": " + what + " is " + found + ", but must be " + wanted);
        }
    }
}
