package dev.graft.methods.adapterfusion;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;

/**
 * A fusion of adapters, by the keys of AdapterHub's {@code AdapterFusionConfig}. What a recipe leaves out takes the value
 * of its {@code kind}; the components of a record that was made are never null, but for {@code kind} and
 * {@code dropoutProb}.
 *
 * @param kind {@code dynamic} or {@code static}
 * @param key whether what adapters compute is projected to keys
 * @param query whether what they work on is projected to queries
 * @param value whether what they compute is projected to values
 * @param queryBeforeLn whether the query is the sublayer's output rather than what the adapters work on
 * @param regularization whether the value matrices are drawn to the identity
 * @param regWeight how strongly
 * @param residualBefore whether what the mixture is added to is added to every part of it instead
 * @param temperature whether the softmax begins flat and sharpens over the first steps
 * @param valueBeforeSoftmax whether values are projected before they are mixed
 * @param valueInitialized whether the value matrices begin as the identity
 * @param dropoutProb probability of dropping a score in training; null = that of the model's attention
 */
public record FusionConfig(
        @Key(
                value = "An arrangement whose values other keys override: dynamic, or static without value matrices;"
                        + " left out, dynamic",
                allowed = {FusionConfig.DYNAMIC, FusionConfig.STATIC})
        String kind,

        @Key(value = "Whether what the adapters compute is projected to keys", defaultsTo = "true")
        boolean key,

        @Key(value = "Whether what the adapters work on is projected to queries", defaultsTo = "true")
        boolean query,

        @Key("Whether what the adapters compute is projected to values; left out, as in the kind")
        Boolean value,

        @Key(
                value = "Whether the query is the sublayer's output rather than what the adapters work on",
                defaultsTo = "false")
        boolean queryBeforeLn,

        @Key("Whether the value matrices are drawn to the identity; left out, as in the kind")
        Boolean regularization,

        @Key(
                value = "Factor on the sum of (V - I)^2 over all value matrices, which regularization adds to the loss",
                defaultsTo = "0.01",
                min = 0)
        double regWeight,

        @Key(
                value = "Whether what the mixture is added to is added to every part of it instead, before the mixing",
                defaultsTo = "false")
        boolean residualBefore,

        @Key(
                value = "Whether scores are divided by a temperature that falls from 50 to 1 over the first 980 steps",
                defaultsTo = "false")
        boolean temperature,

        @Key(value = "Whether values are projected before they are mixed", defaultsTo = "true")
        boolean valueBeforeSoftmax,

        @Key("Whether the value matrices begin as the identity; left out, as in the kind")
        Boolean valueInitialized,

        @Key(
                value = "Probability of dropping a score, in training; left out, that of the model's attention",
                min = 0,
                max = 1)
        Double dropoutProb) {
    static final String DYNAMIC = "dynamic";
    static final String STATIC = "static";

    /** Takes what was left out from the kind. */
    public FusionConfig {
        boolean dynamic = !STATIC.equals(kind);
        value = value == null ? dynamic : value;
        regularization = regularization == null ? dynamic : regularization;
        valueInitialized = valueInitialized == null ? dynamic : valueInitialized;
        if (!key && !query && !value) {
            throw new ConfigurationException(
                    "key, query and value are all false, so that nothing of the fusion would learn");
        }
    }

    /** The factor of the regulariser; 0 where there is none. */
    double penaltyWeight() {
        return regularization && value ? regWeight : 0;
    }
}
