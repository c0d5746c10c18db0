package dev.graft.spi.engine;

/**
 * Operations that treat every element alike.
 *
 * <p>Functions of one argument (rule 10.02), their gradients (rule 10.03) and functions of two, broadcasting (rule
 * 10.04), MUST give their definitions. NaN and infinities MUST pass through as IEEE 754 has it (rule 10.05). Casts
 * MUST round to the nearest (rule 10.08). What works in place MUST change its target alone (rule 10.13). A condition
 * MUST choose element by element (rule 10.27), and the gated activation and its gradients MUST be what they say
 * (rule 10.26).
 */
public interface Elementwise {
    /** Applies a function to every element. */
    Array unary(Unary function, Array x);

    /**
     * The gradient of {@link #unary}: {@code gradient * f'(x)}.
     *
     * @param gradient with respect to {@code y}
     * @param x the argument; where {@link Unary#slopeFromResult()} holds it is not there, and {@code y} stands in
     * @param y the result, {@code f(x)}; where that does not hold, {@code x} stands in
     */
    Array unaryBackward(Unary function, Array gradient, Array x, Array y);

    /** Combines two arrays of one dtype element by element, broadcasting. */
    Array binary(Binary function, Array a, Array b);

    /** Combines every element with one number, in the array's dtype. */
    Array binary(Binary function, Array a, double b);

    /** {@code a} where the condition holds, else {@code b}; all three broadcast. */
    Array where(Array condition, Array a, Array b);

    /** The elements converted to another dtype; a new handle to the same elements when the dtype is the same. */
    Array cast(Array x, DType dtype);

    /** A contiguous copy that shares nothing with {@code x}. */
    Array copy(Array x);

    /** {@code target += alpha * x}, where {@code x} broadcasts to the shape of {@code target}. */
    void addInPlace(Array target, Array x, double alpha);

    /** {@code target *= factor}. */
    void scaleInPlace(Array target, double factor);

    /** Overwrites {@code target} with the elements of {@code x}, converted to its dtype. */
    void copyInPlace(Array target, Array x);

    /** {@code silu(gate) * up}, the gated activation of Llama's feed-forward layer (Shazeer 2020, SwiGLU). */
    Array gatedSilu(Array gate, Array up);

    /** Gradients of {@link #gatedSilu} with respect to the gate and to {@code up}, in this order. */
    Array[] gatedSiluBackward(Array gradient, Array gate, Array up);
}
