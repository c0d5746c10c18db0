package dev.graft.spi.model;

/**
 * A linear layer.
 *
 * @param name module name
 * @param role its part in the model
 * @param layer block number
 * @param weight {@code [out, in]}, or {@code [in, out]} when {@code inputMajor}
 * @param bias {@code [out]}, or null
 * @param inputMajor whether the weight is stored with the input first, as GPT-2's Conv1D does
 */
public record LinearSite(String name, Role role, int layer, Weight weight, Weight bias, boolean inputMajor)
        implements Site {
    /** What a linear layer is for. */
    public enum Role {
        /** Queries. */
        QUERY,
        /** Keys. */
        KEY,
        /** Values. */
        VALUE,
        /** Queries, keys and values in one. */
        QUERY_KEY_VALUE,
        /** The projection after attention. */
        ATTENTION_OUTPUT,
        /** The gate of a gated feed-forward layer. */
        FFN_GATE,
        /** The widening of a feed-forward layer. */
        FFN_UP,
        /** The narrowing of a feed-forward layer. */
        FFN_DOWN,
        /** Part of the head: pooler, transform, classifier. */
        HEAD,
        /** The projection to the vocabulary. */
        VOCABULARY,
        /** Anything else. */
        OTHER
    }

    /** Number of inputs. */
    public int inputs() {
        return Math.toIntExact(weight.shape().size(inputMajor ? 0 : 1));
    }

    /** Number of outputs. */
    public int outputs() {
        return Math.toIntExact(weight.shape().size(inputMajor ? 1 : 0));
    }
}
