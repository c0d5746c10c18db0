package dev.graft.spi.engine;

/** Element-wise functions of one argument. Floating-point operations on integers are not defined. */
public enum Unary {
    /** {@code -x}. */
    NEG,
    /** {@code e^x}. */
    EXP,
    /** Natural logarithm. */
    LOG,
    /** Square root. */
    SQRT,
    /** {@code 1 / sqrt(x)}. */
    RSQRT,
    /** {@code x * x}. */
    SQUARE,
    /** {@code 1 / x}. */
    RECIPROCAL,
    /** Absolute value; the gradient at 0 is 0. */
    ABS,
    /** -1, 0 or 1; its gradient is 0. */
    SIGN,
    /** Sine. */
    SIN,
    /** Cosine. */
    COS,
    /** Hyperbolic tangent. */
    TANH,
    /** {@code 1 / (1 + e^-x)}. */
    SIGMOID,
    /** {@code log(1 + e^x)}, computed without overflow. */
    SOFTPLUS,
    /** {@code max(x, 0)}; the gradient at 0 is 0. */
    RELU,
    /** {@code x * sigmoid(x)} (Elfwing et al. 2017, "swish"). */
    SILU,
    /** {@code x * Phi(x)} with the exact normal distribution function (Hendrycks and Gimpel 2016). */
    GELU,
    /** The tanh approximation of GELU, "gelu_new" in Hugging Face configurations. */
    GELU_TANH;

    /**
     * Whether the derivative is told from the result alone, so that nobody needs to keep the argument; otherwise it is
     * told from the argument alone.
     */
    public boolean slopeFromResult() {
        return switch (this) {
            case EXP, SQRT, RSQRT, RECIPROCAL, TANH, SIGMOID, RELU -> true;
            default -> false;
        };
    }
}
