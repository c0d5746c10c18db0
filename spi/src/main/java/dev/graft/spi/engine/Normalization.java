package dev.graft.spi.engine;

/**
 * Normalisation over the last axis. Arithmetic is at least single precision whatever the dtype of {@code x}.
 *
 * <p>Both MUST give their definitions (rule 10.16), and their gradients MUST agree with central differences (rule
 * 10.22).
 */
public interface Normalization {
    /**
     * A normalised array with what its backward pass needs.
     *
     * @param output same shape as the input
     * @param mean per row, or null for RMS normalisation
     * @param inverseDeviation per row
     */
    record Normalized(Array output, Array mean, Array inverseDeviation) {}

    /** Gradients of a normalisation; those not asked for are null. */
    record Gradients(Array input, Array weight, Array bias) {}

    /**
     * Layer normalisation (Ba et al. 2016).
     *
     * @param weight {@code [width]} or null for ones
     * @param bias {@code [width]} or null for zeros
     */
    Normalized layerNorm(Array x, Array weight, Array bias, double epsilon);

    /** Gradients of {@link #layerNorm}. */
    Gradients layerNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters);

    /** Root mean square normalisation (Zhang and Sennrich 2019): {@code x / sqrt(mean(x^2) + epsilon) * weight}. */
    Normalized rmsNorm(Array x, Array weight, double epsilon);

    /** Gradients of {@link #rmsNorm}; the bias gradient is always null. */
    Gradients rmsNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters);
}
