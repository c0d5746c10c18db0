package dev.graft.objectives.ppo;

import java.util.Arrays;

/**
 * One answer, token by token.
 *
 * @param policy log-probabilities under the policy that answered
 * @param reference log-probabilities under the reference
 * @param values what was expected where each token was drawn
 */
record Episode(double[] policy, double[] reference, double[] values) {
    int length() {
        return policy.length;
    }

    /** {@code log p - log q} of the whole answer, whose mean over answers estimates the divergence. */
    double divergence() {
        return Arrays.stream(policy).sum() - Arrays.stream(reference).sum();
    }

    /** {@code -log p} of the whole answer, whose mean over answers estimates the entropy. */
    double surprise() {
        return -Arrays.stream(policy).sum();
    }

    boolean finite() {
        return Double.isFinite(divergence()) && Arrays.stream(values).allMatch(Double::isFinite);
    }
}
