package dev.graft.spi.model;

/**
 * A normalisation over the last axis.
 *
 * @param name module name
 * @param kind which one
 * @param layer block number
 * @param weight {@code [width]}
 * @param bias {@code [width]}, or null
 * @param epsilon added to the variance
 */
public record NormSite(String name, Kind kind, int layer, Weight weight, Weight bias, double epsilon) implements Site {
    /** Kinds of normalisation. */
    public enum Kind {
        /** Layer normalisation. */
        LAYER,
        /** Root mean square normalisation. */
        RMS
    }
}
