package dev.graft.objectives.ppo;

import java.util.List;

/**
 * Rewards and advantages of answers, token by token. Index t of every row is the t-th token of the answer; its value is what the
 * value head says at the token before it, where the answer's token t was drawn.
 *
 * <p>These are the conventions of TRL's PPO trainer: the reward of token t is {@code -kl_coef (log p - log q)}, p the policy
 * that answered and q the reference, and the score is added at the last token. With V the values, {@code V_n = 0} behind the last
 * token,
 *
 * <pre>{@code
 * delta_t = r_t + gamma V_(t+1) - V_t
 * A_t     = delta_t + gamma lam A_(t+1)        R_t = A_t + V_t
 * }</pre>
 *
 * which is generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438).
 */
final class Advantages {
    private static final double EPSILON = 1e-8;

    private Advantages() {}

    /**
     * Rewards of one answer.
     *
     * @param last index of the token that takes the score
     */
    static double[] rewards(double[] policy, double[] reference, double klCoef, double score, int last) {
        double[] rewards = new double[policy.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = -klCoef * (policy[t] - reference[t]);
        }
        rewards[last] += score;
        return rewards;
    }

    /** Advantages of one answer. */
    static double[] of(double[] rewards, double[] values, double gamma, double lam) {
        double[] advantages = new double[rewards.length];
        double later = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            double next = t + 1 < rewards.length ? values[t + 1] : 0;
            later = rewards[t] + gamma * next - values[t] + gamma * lam * later;
            advantages[t] = later;
        }
        return advantages;
    }

    /** What the values should have been. */
    static double[] returns(double[] advantages, double[] values) {
        double[] returns = new double[values.length];
        for (int t = 0; t < returns.length; t++) {
            returns[t] = advantages[t] + values[t];
        }
        return returns;
    }

    /**
     * Brings all numbers together to variance 1: divided by the root of the unbiased variance plus 1e-8. A single number, or
     * numbers that are all the same, have no variance to go by and are only moved.
     *
     * @param rows changed in place
     * @param counts which of them count, or null where all do; the others become 0
     * @param centre whether their mean becomes 0, instead of staying
     */
    static void whiten(List<double[]> rows, List<double[]> counts, boolean centre) {
        double n = 0;
        double sum = 0;
        for (int i = 0; i < rows.size(); i++) {
            for (int t = 0; t < rows.get(i).length; t++) {
                double weight = counts == null ? 1 : counts.get(i)[t];
                n += weight;
                sum += weight * rows.get(i)[t];
            }
        }
        double mean = n == 0 ? 0 : sum / n;
        double squares = 0;
        for (int i = 0; i < rows.size(); i++) {
            for (int t = 0; t < rows.get(i).length; t++) {
                double weight = counts == null ? 1 : counts.get(i)[t];
                squares += weight * (rows.get(i)[t] - mean) * (rows.get(i)[t] - mean);
            }
        }
        double variance = n > 1 ? squares / (n - 1) : 0;
        double factor = variance == 0 ? 1 : 1 / Math.sqrt(variance + EPSILON);
        for (int i = 0; i < rows.size(); i++) {
            double[] row = rows.get(i);
            for (int t = 0; t < row.length; t++) {
                double white = (row[t] - mean) * factor + (centre ? 0 : mean);
                row[t] = counts == null ? white : white * counts.get(i)[t];
            }
        }
    }
}
