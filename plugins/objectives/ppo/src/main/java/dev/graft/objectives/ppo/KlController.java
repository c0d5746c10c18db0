package dev.graft.objectives.ppo;

/**
 * Steers the weight of the divergence: {@code e = clip(KL / target - 1, -0.2, 0.2)},
 * {@code kl_coef' = kl_coef (1 + e n / horizon)} after n answers (Ziegler et al. 2019, arXiv:1909.08593, section 2.2, as TRL
 * computes it).
 *
 * @param target divergence per answer; null = the weight stays
 * @param horizon answers over which it is steered
 */
record KlController(Double target, int horizon) {
    private static final double MOST = 0.2;

    /** The weight after answers of that divergence. */
    double next(double coefficient, double divergence, int answers) {
        if (target == null) {
            return coefficient;
        }
        double error = Math.max(-MOST, Math.min(MOST, divergence / target - 1));
        return coefficient * (1 + error * answers / horizon);
    }
}
