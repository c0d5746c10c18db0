package dev.graft.spi.engine;

/**
 * Scaled dot-product attention (Vaswani et al. 2017) with grouped key and value heads, and rotary positions.
 *
 * <p>Attention MUST give its definition with grouped heads, masks and causality (rule 10.17), and rotary positions
 * theirs, forwards and backwards (rule 10.18). The gradients of attention MUST agree with central differences (rule
 * 10.23).
 */
public interface Attention {
    /**
     * Which keys a query may see.
     *
     * @param scale factor on the dot products, usually {@code 1 / sqrt(headSize)}
     * @param causal whether query {@code i} of {@code q} sees keys up to {@code i + (keys - q)} only
     * @param mask truth values that broadcast to {@code [batch, heads, queries, keys]}, true = may attend; or null
     * @param bias added to the scaled dot products, broadcasting alike; or null
     */
    record Rules(double scale, boolean causal, Array mask, Array bias) {}

    /**
     * Attention's result with what its backward pass needs.
     *
     * @param output {@code [batch, heads, queries, headSize]}
     * @param saved whatever the engine wants back, or null
     */
    record Attended(Array output, Array saved) {}

    /** Gradients; the bias gradient is null unless rules with a bias asked for it. */
    record AttentionGradients(Array query, Array key, Array value, Array bias) {}

    /**
     * {@code softmax(q k^T * scale + bias) v}. A query that may see no key at all gives zeros.
     *
     * @param query {@code [batch, heads, queries, headSize]}
     * @param key {@code [batch, keyHeads, keys, headSize]} with {@code heads} a multiple of {@code keyHeads}
     * @param value {@code [batch, keyHeads, keys, headSize]}
     * @param training whether a backward pass will follow
     */
    Attended attention(Array query, Array key, Array value, Rules rules, boolean training);

    /** Gradients of {@link #attention}. */
    AttentionGradients attentionBackward(
            Array gradient, Array query, Array key, Array value, Rules rules, Attended forward, boolean needBias);

    /**
     * Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's checkpoints:
     * {@code x * cos + rotateHalf(x) * sin}.
     *
     * @param x {@code [batch, heads, length, headSize]}; only the first {@code cos.size(-1)} features are rotated
     * @param cos {@code [batch or 1, length, rotated]}
     * @param sin {@code [batch or 1, length, rotated]}
     * @param inverse whether to rotate backwards, which is also the gradient
     */
    Array rotary(Array x, Array cos, Array sin, boolean inverse);
}
