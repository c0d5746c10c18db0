package dev.graft.kernel.tensor;

/** Turns the gradient of a result into those of the operands. */
@FunctionalInterface
interface Backward {
    /** Gives every operand that needs one its gradient. */
    void apply(OperandGradients gradients);
}
