package dev.graft.methods.adapter;

import java.util.List;

/**
 * A published arrangement: the values of the keys that a recipe leaves out.
 *
 * @param mhAdapter whether there is one after self-attention
 * @param originalLnBefore whether the adapter works on the residual stream with the sublayer's output in it
 * @param nonLinearity between the matrices
 * @param reductionFactor width of the stream over width of the bottleneck
 * @param initWeights how first values are drawn
 * @param isParallel whether it works beside the sublayer
 * @param scaling factor on what it computes
 */
record Preset(
        boolean mhAdapter,
        boolean originalLnBefore,
        String nonLinearity,
        int reductionFactor,
        String initWeights,
        boolean isParallel,
        Object scaling) {
    /** Every name of a preset, as recipes write it. */
    static final String HOULSBY = "houlsby";

    static final String DOUBLE = "double_seq_bn";
    static final String PFEIFFER = "pfeiffer";
    static final String SINGLE = "seq_bn";
    static final String PARALLEL = "parallel";
    static final String BESIDE = "par_bn";
    static final String SCALED_PARALLEL = "scaled_parallel";
    static final String SCALED_BESIDE = "scaled_par_bn";

    /**
     * The arrangement of a name: Houlsby et al. 2019 after both sublayers, Pfeiffer et al. 2021 after the feed-forward
     * layer, He et al. 2022 beside it.
     *
     * @param kind one of the names above; null means {@link #PFEIFFER}
     */
    static Preset of(String kind) {
        String name = kind == null ? PFEIFFER : kind;
        if (List.of(HOULSBY, DOUBLE).contains(name)) {
            return new Preset(true, false, "swish", 16, "bert", false, 1.0);
        }
        if (List.of(PFEIFFER, SINGLE).contains(name)) {
            return new Preset(false, true, "relu", 16, "bert", false, 1.0);
        }
        boolean fixed = List.of(PARALLEL, BESIDE).contains(name);
        return new Preset(false, false, "relu", 2, "mam_adapter", true, fixed ? 4.0 : "learned");
    }
}
