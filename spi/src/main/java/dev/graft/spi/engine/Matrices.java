package dev.graft.spi.engine;

/**
 * Linear algebra.
 *
 * <p>Products MUST give their definition for every combination of transposes, broadcasting, with empty and single
 * extents (rule 10.14). A frozen weight MUST multiply by its definition in both layouts and thaw to the bit (rule
 * 10.15). What is overwritten MUST be what the definition says (rule 10.28), and singular values MUST take a matrix
 * apart (rule 10.29).
 */
public interface Matrices {
    /**
     * Matrix product over the last two axes; leading axes broadcast.
     *
     * @param transposeA whether the last two axes of {@code a} are swapped first
     * @param transposeB whether the last two axes of {@code b} are swapped first
     */
    Array matmul(Array a, Array b, boolean transposeA, boolean transposeB);

    /** {@code target = beta * target + alpha * op(a) op(b)} for matrices; reuses the memory of {@code target}. */
    void matmulInPlace(
            Array target, Array a, Array b, boolean transposeA, boolean transposeB, double alpha, double beta);

    /**
     * Prepares a frozen weight for repeated products, for instance by packing it into the layout of the matrix kernel.
     * The result keeps its own hold on the elements; closing {@code weight} afterwards is fine.
     *
     * @param weight {@code [out, in]}, or {@code [in, out]} when {@code inputMajor}
     * @param inputMajor whether the stored matrix has the input as its first axis (GPT-2's Conv1D)
     */
    FrozenMatrix freeze(Array weight, boolean inputMajor);

    /**
     * The elements of a frozen weight as they were, to the bit.
     *
     * @param inputMajor whether the result is {@code [in, out]} instead of {@code [out, in]}
     */
    Array thaw(FrozenMatrix weight, boolean inputMajor);

    /**
     * {@code x W^T + bias} over the last axis.
     *
     * @param x {@code [..., in]}; computed and returned in this dtype when the weight is held in a narrower one
     * @param bias {@code [out]} or null
     * @return {@code [..., out]}
     */
    Array linear(Array x, FrozenMatrix weight, Array bias);

    /** {@code gradient W}: the gradient of {@link #linear} with respect to {@code x}. */
    Array linearInputGradient(Array gradient, FrozenMatrix weight);

    /**
     * Thin singular value decomposition {@code x = U diag(S) V^T} of a matrix {@code [m, n]}, singular values falling.
     *
     * @return {@code U [m, k]}, {@code S [k]}, {@code V^T [k, n]} with {@code k = min(m, n)}
     */
    Array[] svd(Array x);
}
