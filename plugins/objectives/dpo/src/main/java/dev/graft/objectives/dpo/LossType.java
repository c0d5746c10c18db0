package dev.graft.objectives.dpo;

/** The losses on a pair. Symbols are those of {@link PairLoss}. */
public enum LossType {
    /**
     * {@code -log sigmoid(beta h)} (Rafailov et al. 2023, Direct Preference Optimization, arXiv:2305.18290); with label
     * smoothing e, {@code -(1 - e) log sigmoid(beta h) - e log sigmoid(-beta h)}, conservative DPO (Mitchell 2023, A note
     * on DPO with noisy preferences).
     */
    SIGMOID,
    /** {@code max(0, 1 - beta h)}, the hinge loss of SLiC (Zhao et al. 2023, arXiv:2305.10425). */
    HINGE,
    /**
     * {@code (h' - 1 / (2 beta))^2} with {@code h'} the difference of mean log-ratios per token (Azar et al. 2023, A
     * General Theoretical Paradigm, arXiv:2310.12036; the mean is TRL's reading of it).
     */
    IPO,
    /**
     * {@code 1/2 (1 - sigmoid(beta (r+ - z-))) + 1/2 (1 - sigmoid(beta (z+ - r-)))}, where {@code z+} and {@code z-} are the
     * means of {@code r+} and {@code r-} over the batch, not below 0 (Ethayarajh et al. 2024, KTO, arXiv:2402.01306, on pairs
     * as TRL had it, gradients through z included). The one loss here in which a pair depends on the others of its batch.
     */
    KTO_PAIR,
    /**
     * {@code (-(1 - e) log sigmoid(beta h) + e log sigmoid(-beta h)) / (1 - 2 e)} with e the share of flipped labels
     * (Chowdhury et al. 2024, Provably Robust DPO, arXiv:2403.00409).
     */
    ROBUST,
    /**
     * {@code -m+ - beta log sigmoid(log odds(m+) - log odds(m-))} with {@code log odds(m) = m - log(1 - e^m)} of mean
     * log-probabilities; no reference. beta is the paper's lambda, as in TRL (Hong et al. 2024, ORPO, arXiv:2403.07691).
     */
    ORPO,
    /**
     * {@code -log sigmoid(beta (m+ - m-) - gamma)} of mean log-probabilities, smoothed as {@link #SIGMOID} is; no
     * reference (Meng et al. 2024, SimPO, arXiv:2405.14734).
     */
    SIMPO;

    /** Whether the loss compares the policy with a reference. */
    boolean needsReference() {
        return this != ORPO && this != SIMPO;
    }

    /** Whether rewards are of mean log-probabilities per token. */
    boolean averages() {
        return !needsReference();
    }

    /** Whether label smoothing has a meaning. */
    boolean smooths() {
        return this == SIGMOID || this == ROBUST || this == SIMPO;
    }
}
