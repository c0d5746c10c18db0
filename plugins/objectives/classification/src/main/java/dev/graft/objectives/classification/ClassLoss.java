package dev.graft.objectives.classification;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;

/**
 * Cross-entropy over classes as PyTorch's {@code CrossEntropyLoss} defines it, with class weights w and label smoothing
 * e: of an example with class y among C,
 *
 * <p>{@code (1 - e) * w[y] * -log p[y] + e / C * sum over c of w[c] * -log p[c]},
 *
 * <p>and the mean divides by the sum of the w[y].
 *
 * @param smoothing e
 * @param weights w in the order of class numbers, or null for 1
 */
record ClassLoss(double smoothing, List<Double> weights) {
    ClassLoss {
        weights = weights == null || weights.isEmpty() ? null : List.copyOf(weights);
        if (weights != null && weights.stream().anyMatch(weight -> !(weight >= 0) || weight.isInfinite())) {
            throw new ConfigurationException(
                    "class_weights of classification is " + weights + "; weights must be finite and not negative");
        }
    }

    /**
     * Checks that there is a weight for every class.
     *
     * @throws ConfigurationException if not
     */
    void check(int classes) {
        if (weights != null && weights.size() != classes) {
            throw new ConfigurationException("class_weights of classification has " + weights.size()
                    + " weights; it must have one for each of the " + classes + " classes");
        }
    }

    /** What the sum of losses is to be divided by. */
    double weight(long[] labels) {
        double sum = 0;
        for (long label : labels) {
            sum += weights == null ? 1 : weights.get((int) label);
        }
        return sum;
    }

    /**
     * The sum of the losses of examples, a scalar.
     *
     * @param logits {@code [batch, classes]}
     * @param labels class numbers, one per row
     */
    Tensor sum(Tensors tensors, Tensor logits, long[] labels) {
        int classes = Math.toIntExact(logits.size(1));
        check(classes);
        Tensor losses = logits.crossEntropy(tensors.of(labels, Shape.of(labels.length)));
        if (weights != null) {
            float[] own = new float[labels.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = weights.get((int) labels[i]).floatValue();
            }
            losses = losses.mul(tensors.of(own, Shape.of(own.length)));
        }
        Tensor sum = losses.sum();
        return smoothing == 0
                ? sum
                : sum.mul(1 - smoothing).add(spread(tensors, logits, classes).mul(smoothing / classes));
    }

    /** Losses of every class, weighted, over all examples. */
    private Tensor spread(Tensors tensors, Tensor logits, int classes) {
        Tensor all = logits.logSoftmax(1).neg();
        if (weights == null) {
            return all.sum();
        }
        float[] each = new float[classes];
        for (int i = 0; i < classes; i++) {
            each[i] = weights.get(i).floatValue();
        }
        return all.mul(tensors.of(each, Shape.of(classes))).sum();
    }
}
