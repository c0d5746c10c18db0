package dev.graft.spi.engine;

/**
 * Operations that fold, or run along, axes.
 *
 * <p>Folds MUST give their definitions, for nothing to fold as well (rule 10.06), and so MUST what runs along an
 * axis, without overflow (rule 10.07). Gradients MUST agree with central differences (rule 10.25).
 */
public interface Reductions {
    /**
     * Folds axes away. No axes given means all of them.
     *
     * @param keep whether folded axes stay with extent 1
     */
    Array reduce(Reduction reduction, Array x, int[] axes, boolean keep);

    /** Index of the first largest element along an axis, which is folded away; {@link DType#INT64}. */
    Array argMax(Array x, int axis);

    /** Running sum along an axis. */
    Array cumulativeSum(Array x, int axis);

    /** Exponentials along an axis normalised to sum to 1. */
    Array softmax(Array x, int axis);

    /** Gradient of {@link #softmax} given its result {@code y}. */
    Array softmaxBackward(Array gradient, Array y, int axis);

    /** Logarithm of {@link #softmax}, computed without underflow. */
    Array logSoftmax(Array x, int axis);

    /** Gradient of {@link #logSoftmax} given its result {@code y}. */
    Array logSoftmaxBackward(Array gradient, Array y, int axis);

    /** Whether every element is finite. */
    boolean allFinite(Array x);

    /** Sum of squares of all elements in double precision. */
    double sumOfSquares(Array x);
}
