package dev.graft.spi.tensor;

import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;

/**
 * An immutable, differentiable array. Operations return new tensors in the innermost {@link Scope}; where an argument
 * requires a gradient they are recorded for the backward pass, which visits nothing that needs none.
 *
 * <p>Axes may be negative, counting from the end. Element-wise operations broadcast. Operands of different
 * floating-point dtypes meet in the wider one; a number operand takes the tensor's dtype.
 */
public interface Tensor {
    /** Extents, outermost first. */
    Shape shape();

    /** Element type. */
    DType dtype();

    /** Whether a gradient flows to or through this tensor. */
    boolean requiresGradient();

    /** Extent of an axis. */
    default long size(int axis) {
        return shape().size(axis);
    }

    /** The same elements, cut off from the backward pass. */
    Tensor detach();

    // Elements

    /** Any element-wise function. */
    Tensor apply(Unary function);

    /** Any element-wise combination. */
    Tensor apply(Binary function, Tensor other);

    /** Any element-wise combination with a number. */
    Tensor apply(Binary function, double other);

    /** {@code this + other}. */
    default Tensor add(Tensor other) {
        return apply(Binary.ADD, other);
    }

    /** {@code this + other}. */
    default Tensor add(double other) {
        return apply(Binary.ADD, other);
    }

    /** {@code this - other}. */
    default Tensor sub(Tensor other) {
        return apply(Binary.SUB, other);
    }

    /** {@code this - other}. */
    default Tensor sub(double other) {
        return apply(Binary.SUB, other);
    }

    /** {@code this * other}. */
    default Tensor mul(Tensor other) {
        return apply(Binary.MUL, other);
    }

    /** {@code this * other}. */
    default Tensor mul(double other) {
        return apply(Binary.MUL, other);
    }

    /** {@code this / other}. */
    default Tensor div(Tensor other) {
        return apply(Binary.DIV, other);
    }

    /** {@code this / other}. */
    default Tensor div(double other) {
        return apply(Binary.DIV, other);
    }

    /** {@code -this}. */
    default Tensor neg() {
        return apply(Unary.NEG);
    }

    /** {@code e^this}. */
    default Tensor exp() {
        return apply(Unary.EXP);
    }

    /** Natural logarithm. */
    default Tensor log() {
        return apply(Unary.LOG);
    }

    /** Square root. */
    default Tensor sqrt() {
        return apply(Unary.SQRT);
    }

    /** {@code this * this}. */
    default Tensor square() {
        return apply(Unary.SQUARE);
    }

    /** Hyperbolic tangent. */
    default Tensor tanh() {
        return apply(Unary.TANH);
    }

    /** Logistic function. */
    default Tensor sigmoid() {
        return apply(Unary.SIGMOID);
    }

    /** {@code log(sigmoid(this))}, computed without underflow. */
    default Tensor logSigmoid() {
        return neg().apply(Unary.SOFTPLUS).neg();
    }

    /** {@code max(this, 0)}. */
    default Tensor relu() {
        return apply(Unary.RELU);
    }

    /** Exact GELU. */
    default Tensor gelu() {
        return apply(Unary.GELU);
    }

    /** {@code silu(this) * up}, in one pass. */
    Tensor gatedSilu(Tensor up);

    /** Elements limited to {@code [low, high]}; the gradient outside is 0. */
    Tensor clamp(double low, double high);

    /** This where the condition (truth values) holds, else {@code other}. */
    Tensor where(Tensor condition, Tensor other);

    /** The elements in another dtype; gradients come back in this one. */
    Tensor cast(DType dtype);

    // Folding

    /** Folds axes away; no axes means all. The gradient of an extremum goes to the first position that holds it. */
    Tensor reduce(Reduction reduction, boolean keep, int... axes);

    /** Sum over axes, or of everything. */
    default Tensor sum(int... axes) {
        return reduce(Reduction.SUM, false, axes);
    }

    /** Mean over axes, or of everything. */
    default Tensor mean(int... axes) {
        return reduce(Reduction.MEAN, false, axes);
    }

    /** Index of the largest element along an axis; carries no gradient. */
    Tensor argMax(int axis);

    /** Exponentials normalised to sum to 1 along an axis. */
    Tensor softmax(int axis);

    /** Logarithm of {@link #softmax}. */
    Tensor logSoftmax(int axis);

    // Products

    /** Matrix product over the last two axes. */
    default Tensor matmul(Tensor other) {
        return matmul(other, false, false);
    }

    /** Matrix product over the last two axes, either operand transposed first. */
    Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther);

    /**
     * {@code this W^T + bias} over the last axis with a weight that may itself require a gradient.
     *
     * @param weight {@code [out, in]}
     * @param bias {@code [out]} or null
     */
    Tensor linear(Tensor weight, Tensor bias);

    /** {@code this + factor * other}, reusing memory where nobody can tell. */
    Tensor addScaled(Tensor other, double factor);

    // Moving

    /** The same elements under another shape; one extent may be -1 and is worked out. */
    Tensor reshape(long... sizes);

    /** Axes in another order. */
    Tensor permute(int... order);

    /** Two axes exchanged. */
    Tensor transpose(int first, int second);

    /** Part of an axis, {@code from} inclusive to {@code to} exclusive. */
    Tensor slice(int axis, long from, long to);

    /** Stretches axes of extent 1, and adds leading ones. */
    Tensor expand(Shape shape);

    /** Slices along an axis picked by {@code index [n]}. */
    Tensor select(int axis, Tensor index);

    /** This with slices of {@code source} added at the slices along an axis that {@code index [n]} names. */
    Tensor selectAdd(int axis, Tensor index, Tensor source);

    /** For every position of {@code index}, the element at that index along the axis. */
    Tensor gather(int axis, Tensor index);

    /** Treats this as a table {@code [rows, width]} and looks up {@code ids}: {@code [ids..., width]}. */
    Tensor embedding(Tensor ids);

    // Composite

    /** Layer normalisation over the last axis; weight and bias may be null. */
    Tensor layerNorm(Tensor weight, Tensor bias, double epsilon);

    /** Root mean square normalisation over the last axis. */
    Tensor rmsNorm(Tensor weight, double epsilon);

    /** Rotary positions; see {@link Attention#rotary}. */
    Tensor rotary(Tensor cos, Tensor sin);

    /** Attention with this as the query {@code [batch, heads, queries, headSize]}; see {@link AttentionRules}. */
    Tensor attention(Tensor key, Tensor value, AttentionRules rules);

    /** {@code -log softmax(this)[label]} per row of {@code [n, classes]}; rows labelled -100 give 0. */
    Tensor crossEntropy(Tensor labels);

    /** Zeroes each element with this probability and scales the rest by {@code 1 / (1 - probability)}. */
    Tensor dropout(double probability, RandomStream random);

    // Out

    /** The single element of a tensor of one element. */
    double item();

    /** A copy of the elements as floats, row-major. */
    float[] floats();

    /** A copy of the elements as longs, row-major; for integer and truth dtypes. */
    long[] longs();
}
