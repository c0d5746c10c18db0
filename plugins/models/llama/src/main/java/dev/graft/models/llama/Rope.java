package dev.graft.models.llama;

import java.util.function.LongFunction;

/**
 * Rotary positions (Su et al. 2021): feature pair {@code i} of a head is turned by {@code position * frequency[i]}.
 *
 * @param frequencies radians per position for each pair, for passes over so many positions
 * @param byLength whether the frequencies depend on the number of positions
 * @param attentionFactor factor on the rotated vectors
 * @param maxPositions longest sequence, or 0 where the frequencies adapt to any
 */
record Rope(LongFunction<double[]> frequencies, boolean byLength, double attentionFactor, int maxPositions) {
    /** The same frequencies for every pass. */
    static Rope fixed(double[] frequencies, double attentionFactor, double maxPositions) {
        return new Rope(length -> frequencies, false, attentionFactor, (int) Math.round(maxPositions));
    }

    /** Plain frequencies, {@code theta^(-2i / rotated)}. */
    static double[] plain(double theta, int rotated) {
        double[] frequencies = new double[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / rotated);
        }
        return frequencies;
    }
}
