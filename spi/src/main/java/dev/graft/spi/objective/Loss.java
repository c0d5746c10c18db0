package dev.graft.spi.objective;

import dev.graft.spi.tensor.Tensor;
import java.util.Map;

/**
 * The loss of a batch as a sum and a weight, so that batches of unequal weight accumulate to what one large batch would
 * give: the loss reported, and differentiated, is the sum of sums over the sum of weights.
 *
 * @param sum scalar
 * @param weight number of tokens or examples the sum is over, for instance labelled tokens
 * @param metrics further figures as sums, with their own weights
 */
public record Loss(Tensor sum, double weight, Map<String, Metric> metrics) {
    /**
     * A figure to be averaged.
     *
     * @param sum the sum
     * @param weight what it is over
     */
    public record Metric(double sum, double weight) {}
}
