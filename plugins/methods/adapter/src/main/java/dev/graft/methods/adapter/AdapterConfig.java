package dev.graft.methods.adapter;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bottleneck adapter, by the keys of AdapterHub's {@code BnConfig}. What a recipe leaves out takes the value of its
 * {@code kind}, so that the components of a record that was made are never null, but for {@code kind} and the seed.
 *
 * @param kind a published arrangement
 * @param mhAdapter whether there is one after self-attention
 * @param outputAdapter whether there is one after the feed-forward layer
 * @param crossAdapter whether there is one after attention to an encoder
 * @param nonLinearity between the matrices
 * @param reductionFactor a number, or a map from numbers of layers, and {@code default}, to numbers
 * @param originalLnBefore whether it works on the stream with the sublayer's output in it, normalised where the model
 *     normalises there
 * @param originalLnAfter whether the stream is added to what comes out, and normalised where the model normalises there
 * @param lnBefore whether it begins with a layer normalisation of its own
 * @param lnAfter whether it ends with one
 * @param residualBeforeLn whether the sublayer's output is added to what it computes ({@code true}), or what it works
 *     on ({@code false}), or the sum before normalisation ({@code post_add})
 * @param adapterResidualBeforeLn whether that is added before {@code lnAfter}
 * @param isParallel whether it works on what the sublayer worked on, beside it
 * @param scaling a number, {@code learned} or {@code channel}
 * @param useGating whether a learned gate scales it by sequence
 * @param dropout probability of dropping an element of what it computes in training
 * @param stochasticDepth probability of leaving it out for a whole row in training
 * @param leaveOut numbers of layers without one
 * @param initWeights how first values are drawn
 * @param initWeightsSeed seed of first values; null = the run's
 * @param inert keys of AdapterHub's files that have no effect on such adapters, as they were read
 */
public record AdapterConfig(
        @Key(
                value = "A published arrangement, whose values other keys override: houlsby (double_seq_bn) after both"
                        + " sublayers, pfeiffer (seq_bn) after the feed-forward layer, parallel (par_bn) beside it,"
                        + " scaled_parallel (scaled_par_bn) with a learned scale; left out, pfeiffer",
                allowed = {
                    Preset.HOULSBY,
                    Preset.DOUBLE,
                    Preset.PFEIFFER,
                    Preset.SINGLE,
                    Preset.PARALLEL,
                    Preset.BESIDE,
                    Preset.SCALED_PARALLEL,
                    Preset.SCALED_BESIDE
                })
        String kind,

        @Key("Whether there is an adapter after self-attention; left out, as in the kind")
        Boolean mhAdapter,

        @Key(value = "Whether there is an adapter after the feed-forward layer", defaultsTo = "true")
        boolean outputAdapter,

        @Key(value = "Whether there is an adapter after attention to an encoder", defaultsTo = "false")
        boolean crossAdapter,

        @Key("The function between the matrices, such as relu, gelu, swish, tanh, leakyrelu or sigmoid; left out, as in"
                + " the kind")
        String nonLinearity,

        @Key("Width of the model over width of the bottleneck: a number, or a map from numbers of layers and default"
                + " to numbers; left out, as in the kind")
        Object reductionFactor,

        @Key("Whether the adapter works on the residual stream with the sublayer's output in it, after the model's own"
                + " normalisation there; left out, as in the kind")
        Boolean originalLnBefore,

        @Key(
                value = "Whether the residual stream is added to what the adapter gives, followed by the model's own"
                        + " normalisation there",
                defaultsTo = "true")
        boolean originalLnAfter,

        @Key(value = "Whether the adapter begins with a layer normalisation of its own", defaultsTo = "false")
        boolean lnBefore,

        @Key(value = "Whether the adapter ends with a layer normalisation of its own", defaultsTo = "false")
        boolean lnAfter,

        @Key(
                value = "What is added to what the adapter computes: the sublayer's output (true), what the adapter"
                        + " works on (false), or the sum of stream and output before normalisation (post_add)",
                defaultsTo = "true",
                allowed = {"true", "false", AdapterConfig.POST_ADD})
        String residualBeforeLn,

        @Key(value = "Whether that is added before ln_after rather than after it", defaultsTo = "false")
        boolean adapterResidualBeforeLn,

        @Key("Whether the adapter works beside the sublayer rather than after it; left out, as in the kind")
        Boolean isParallel,

        @Key("Factor on what the adapter computes: a number, learned (one number) or channel (one for each element);"
                + " left out, as in the kind")
        Object scaling,

        @Key(
                value = "Whether a learned gate between 0 and 1, the mean over a sequence, scales what is computed",
                defaultsTo = "false")
        boolean useGating,

        @Key(
                value = "Probability of dropping an element of what the adapter computes, in training",
                defaultsTo = "0",
                min = 0,
                max = 1)
        double dropout,

        @Key(
                value = "Probability of leaving the adapter out for a whole row, in training",
                defaultsTo = "0",
                min = 0,
                max = 1)
        double stochasticDepth,

        @Key(value = "Numbers of layers without adapters, from 0", min = 0)
        List<Integer> leaveOut,

        @Key(
                value = "How first values are drawn: bert (both matrices normal, deviation 0.02), mam_adapter (down as"
                        + " torch does, up zero) or houlsby (both truncated normal, deviation 0.01); left out, as in"
                        + " the kind",
                allowed = {"bert", "mam_adapter", "houlsby"})
        String initWeights,

        @Key("Seed of first values; left out, they follow the run's")
        Long initWeightsSeed,

        @Key("Keys of AdapterHub's files without effect on these adapters, kept as they were read")
        Map<String, Object> inert) {
    static final String POST_ADD = "post_add";
    static final String LEARNED = "learned";
    static final String CHANNEL = "channel";

    /** Takes what was left out from the kind, and checks what annotations cannot say. */
    public AdapterConfig {
        Preset preset = Preset.of(kind);
        mhAdapter = mhAdapter == null ? preset.mhAdapter() : mhAdapter;
        nonLinearity = nonLinearity == null ? preset.nonLinearity() : nonLinearity;
        reductionFactor = reductionFactor == null ? (long) preset.reductionFactor() : reductionFactor;
        originalLnBefore = originalLnBefore == null ? preset.originalLnBefore() : originalLnBefore;
        isParallel = isParallel == null ? preset.isParallel() : isParallel;
        scaling = scaling == null ? preset.scaling() : scaling;
        initWeights = initWeights == null ? preset.initWeights() : initWeights;
        leaveOut = leaveOut == null ? List.of() : List.copyOf(leaveOut);
        inert = inert == null ? Map.of() : new LinkedHashMap<>(inert);
        NonLinearity.of(nonLinearity);
        Reduction.check(reductionFactor);
        checkScaling(scaling);
        if (residualBeforeLn.equals(POST_ADD) && !originalLnBefore) {
            throw new ConfigurationException(
                    "residual_before_ln is post_add, which means a sum that original_ln_before makes: set that to true");
        }
        if (!mhAdapter && !outputAdapter && !crossAdapter) {
            throw new ConfigurationException(
                    "mh_adapter, output_adapter and cross_adapter are all false, so that there would be no adapter");
        }
    }

    private static void checkScaling(Object scaling) {
        boolean known = scaling instanceof Number number
                ? Double.isFinite(number.doubleValue())
                : LEARNED.equals(scaling) || CHANNEL.equals(scaling);
        if (!known) {
            throw new ConfigurationException(
                    "scaling is " + scaling + "; it must be a number, " + LEARNED + " or " + CHANNEL);
        }
    }
}
