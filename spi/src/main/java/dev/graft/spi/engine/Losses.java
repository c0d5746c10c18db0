package dev.graft.spi.engine;

/**
 * Cross-entropy over a vocabulary or a set of classes.
 *
 * <p>Both losses MUST give their definition, and 0 for ignored labels (rule 10.19); so MUST their gradients (rule
 * 10.24).
 */
public interface Losses {
    /** Labels with this value take no part: their loss and their gradient are 0. */
    long IGNORED = -100;

    /**
     * Losses with what their backward pass needs.
     *
     * @param losses {@code [n]}, at least single precision
     * @param saved whatever the engine wants back, or null
     */
    record CrossEntropy(Array losses, Array saved) {}

    /**
     * {@code -log softmax(logits)[label]} for every row.
     *
     * @param logits {@code [n, classes]}
     * @param labels {@code [n]}, {@link DType#INT64}; {@link #IGNORED} or in {@code [0, classes)}
     */
    CrossEntropy crossEntropy(Array logits, Array labels);

    /** Gradient with respect to the logits, given one factor per row, {@code gradient [n]}. */
    Array crossEntropyBackward(Array gradient, Array logits, Array labels, CrossEntropy forward);

    /**
     * Cross-entropy of {@code x W^T + bias} without ever holding all logits: rows are worked off in chunks.
     *
     * @param x {@code [n, width]}
     * @param weight frozen, {@code [classes, width]}
     * @param bias {@code [classes]} or null
     * @param training whether {@code saved} must hold the gradient of each row's loss with respect to {@code x}
     */
    CrossEntropy linearCrossEntropy(Array x, FrozenMatrix weight, Array bias, Array labels, boolean training);

    /** Gradient with respect to {@code x}, given one factor per row. */
    Array linearCrossEntropyBackward(Array gradient, CrossEntropy forward);
}
