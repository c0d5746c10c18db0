package dev.graft.spi.model;

/**
 * Where a sublayer's output joins the residual stream.
 *
 * @param name name of the module that ends the sublayer, for instance {@code bert.encoder.layer.0.attention.output}
 * @param kind which sublayer
 * @param layer block number
 * @param width width of the residual stream
 * @param norm the normalisation applied after the sum in post-norm models, or null
 */
public record SublayerSite(String name, Kind kind, int layer, int width, NormSite norm) implements Site {
    /** Which sublayer ends here. */
    public enum Kind {
        /** Self-attention. */
        ATTENTION,
        /** Attention to the encoder. */
        CROSS_ATTENTION,
        /** Feed-forward layer. */
        FEED_FORWARD
    }
}
