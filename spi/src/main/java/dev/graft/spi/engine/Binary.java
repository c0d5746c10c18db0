package dev.graft.spi.engine;

/**
 * Element-wise functions of two arguments; operands broadcast as {@link Shape#broadcast} says. Comparisons and logic
 * give {@link DType#BOOL}.
 */
public enum Binary {
    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUB,
    /** {@code a * b}. */
    MUL,
    /** {@code a / b}. */
    DIV,
    /** The larger of the two; NaN if either is NaN. */
    MAX,
    /** The smaller of the two; NaN if either is NaN. */
    MIN,
    /** {@code a} to the power of {@code b}. */
    POW,
    /** {@code a == b}. */
    EQ,
    /** {@code a != b}. */
    NE,
    /** {@code a < b}. */
    LT,
    /** {@code a <= b}. */
    LE,
    /** {@code a > b}. */
    GT,
    /** {@code a >= b}. */
    GE,
    /** Logical and of truth values. */
    AND,
    /** Logical or of truth values. */
    OR;

    /** Whether the result holds truth values. */
    public boolean isPredicate() {
        return switch (this) {
            case EQ, NE, LT, LE, GT, GE, AND, OR -> true;
            case ADD, SUB, MUL, DIV, MAX, MIN, POW -> false;
        };
    }
}
