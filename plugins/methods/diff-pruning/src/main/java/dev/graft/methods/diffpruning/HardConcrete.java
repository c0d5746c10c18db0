package dev.graft.methods.diffpruning;

import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/**
 * Gates between 0 and 1 that are exactly 0 or 1 with positive probability, and through which gradients reach their
 * {@code log alpha} (Louizos, Welling and Kingma 2018, Learning Sparse Neural Networks through L0 Regularization, on the
 * hard concrete distribution). The stretch of DiffPruning is symmetric around one half: low -1.5, high 1.5 (Guo, Rush and
 * Kim 2021, on the differentiable approximation to the L0 norm).
 *
 * @param temperature the paper's beta
 * @param low lower end of the stretched interval, the paper's gamma, or l in DiffPruning
 * @param high upper end of the stretched interval, the paper's zeta, or r in DiffPruning
 */
record HardConcrete(double temperature, double low, double high) {
    /** Keeps draws away from 0 and 1, where their logarithm has no end. */
    private static final double MARGIN = 1e-6;

    /**
     * Gates drawn at random: {@code u ~ U(0, 1)}, {@code s = sigmoid((log u - log(1 - u) + log alpha)
     * / beta)}, {@code z = min(1, max(0, s (high - low) + low))}.
     *
     * @param logAlpha any shape
     */
    Tensor drawn(Tensors tensors, Tensor logAlpha, RandomStream random) {
        Tensor u = tensors.uniform(logAlpha.shape(), logAlpha.dtype(), MARGIN, 1 - MARGIN, random);
        Tensor logit = u.log().sub(u.neg().add(1).log());
        return stretched(logit.add(logAlpha).mul(1 / temperature).sigmoid());
    }

    /** Gates as they are outside of training: {@code min(1, max(0, sigmoid(log alpha) (high - low) + low))}. */
    Tensor settled(Tensor logAlpha) {
        return stretched(logAlpha.sigmoid());
    }

    /** The probability that a gate is not 0: {@code sigmoid(log alpha - beta log(-low / high))}. */
    Tensor open(Tensor logAlpha) {
        return logAlpha.sub(temperature * Math.log(-low / high)).sigmoid();
    }

    private Tensor stretched(Tensor s) {
        return s.mul(high - low).add(low).clamp(0, 1);
    }
}
