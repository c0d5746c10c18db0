package dev.graft.spi.model;

/**
 * The meeting of queries, keys and values. Its name is that of the attention module.
 *
 * @param name module name
 * @param kind whose keys are seen
 * @param layer block number
 * @param heads query heads
 * @param keyHeads key and value heads
 * @param headSize width of one head
 * @param scale factor on the dot products
 * @param window how many of the latest keys, its own included, a query may see; 0 = all
 * @param dropout probability of dropping an attention weight in training
 */
public record AttentionSite(
        String name,
        Kind kind,
        int layer,
        int heads,
        int keyHeads,
        int headSize,
        double scale,
        int window,
        double dropout)
        implements Site {
    /** Whose keys a query sees. */
    public enum Kind {
        /** Those up to its own position. */
        CAUSAL,
        /** All of its own sequence. */
        BIDIRECTIONAL,
        /** Those of the encoder. */
        CROSS
    }
}
