package dev.graft.models.llama;

import dev.graft.spi.config.ConfigurationException;

/** The ways in use to stretch rotary positions beyond the length a model was pretrained on. */
final class RopeKinds {
    private static final String ALLOWED = "default, linear, dynamic, yarn, longrope and llama3";

    private final RopeKeys keys;
    private final double theta;
    private final int rotated;
    private final int maxPositions;
    private final double[] plain;

    private RopeKinds(RopeKeys keys, int headSize, int maxPositions) {
        this.keys = keys;
        this.theta = keys.theta();
        this.rotated = (int) (headSize * keys.rotatedShare());
        this.maxPositions = maxPositions;
        this.plain = Rope.plain(theta, rotated);
        if (rotated < 2 || rotated % 2 != 0) {
            throw new ConfigurationException("config.json: rotary positions turn " + rotated
                    + " features of each head; the number must be even and at least 2");
        }
    }

    /**
     * The rotary positions a configuration asks for.
     *
     * @param headSize width of one head
     * @param maxPositions {@code max_position_embeddings}
     * @throws ConfigurationException if the kind is unknown or lacks a key
     */
    static Rope read(RopeKeys keys, int headSize, int maxPositions) {
        RopeKinds kinds = new RopeKinds(keys, headSize, maxPositions);
        return switch (keys.type()) {
            case "default" -> Rope.fixed(kinds.plain, 1, maxPositions);
            case "linear" -> kinds.linear();
            case "dynamic" -> kinds.dynamic();
            case "yarn" -> kinds.yarn();
            case "longrope" -> kinds.longRope();
            case "llama3" -> kinds.llama3();
            default -> throw keys.unknownType(ALLOWED);
        };
    }

    /** Position interpolation (Chen et al. 2023): all frequencies divided by the factor. */
    private Rope linear() {
        double factor = keys.number("factor");
        double[] frequencies = new double[plain.length];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = plain[i] / factor;
        }
        return Rope.fixed(frequencies, 1, factor * maxPositions);
    }

    /**
     * Dynamic "NTK-aware" scaling: beyond the pretrained length {@code L} the base grows with the length {@code l} of
     * the pass, {@code theta * (factor * l / L - (factor - 1))^(d / (d - 2))}. The pass's longest sequence decides for
     * all of its rows, as in transformers.
     */
    private Rope dynamic() {
        double factor = keys.number("factor");
        return new Rope(
                length -> {
                    double stretch = factor * Math.max(length, maxPositions) / maxPositions - (factor - 1);
                    return Rope.plain(theta * Math.pow(stretch, rotated / (rotated - 2.0)), rotated);
                },
                true,
                1,
                0);
    }

    /**
     * YaRN (Peng et al. 2023, section 3.2): pairs that turn often keep their frequency, pairs that turn less than once
     * are interpolated, with a linear ramp between, and attention is scaled (section 3.3).
     */
    private Rope yarn() {
        int original = keys.originalPositions(maxPositions);
        double factor = keys.number("factor", (double) maxPositions / original);
        double fast = pairTurning(keys.number("beta_fast", 32), original);
        double slow = pairTurning(keys.number("beta_slow", 1), original);
        boolean truncate = keys.flag("truncate", true);
        double low = Math.max(truncate ? Math.floor(fast) : fast, 0);
        double high = Math.min(truncate ? Math.ceil(slow) : slow, rotated - 1);
        double width = low == high ? 0.001 : high - low;
        double[] frequencies = new double[plain.length];
        for (int i = 0; i < frequencies.length; i++) {
            double interpolated = Math.min(Math.max((i - low) / width, 0), 1);
            frequencies[i] = plain[i] / factor * interpolated + plain[i] * (1 - interpolated);
        }
        return Rope.fixed(frequencies, yarnAttention(factor), Math.max(maxPositions, factor * original));
    }

    /** The feature pair, as a fraction, that makes so many turns over the original length. */
    private double pairTurning(double turns, int original) {
        return rotated * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double yarnAttention(double factor) {
        double mscale = keys.number("mscale", 0);
        double mscaleAll = keys.number("mscale_all_dim", 0);
        double suggested = mscale != 0 && mscaleAll != 0
                ? yarnScale(factor, mscale) / yarnScale(factor, mscaleAll)
                : yarnScale(factor, 1);
        return keys.number("attention_factor", suggested);
    }

    private static double yarnScale(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    /** LongRoPE (Ding et al. 2024): a searched factor for each pair, one set for short passes and one for long ones. */
    private Rope longRope() {
        int original = keys.originalPositions(maxPositions);
        double factor = keys.number("factor", (double) maxPositions / original);
        double suggested = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        double[] shortFrequencies = divided(keys.factors("short_factor", plain.length));
        double[] longFrequencies = divided(keys.factors("long_factor", plain.length));
        return new Rope(
                length -> length > original ? longFrequencies : shortFrequencies,
                true,
                keys.number("attention_factor", suggested),
                (int) Math.round(Math.max(maxPositions, factor * original)));
    }

    private double[] divided(double[] factors) {
        double[] frequencies = new double[plain.length];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = plain[i] / factors[i];
        }
        return frequencies;
    }

    /**
     * Llama 3.1's scaling: wavelengths beyond {@code L / low_freq_factor} are stretched by the factor, those below
     * {@code L / high_freq_factor} are kept, those between are blended.
     */
    private Rope llama3() {
        double factor = keys.number("factor");
        double low = keys.number("low_freq_factor");
        double high = keys.number("high_freq_factor");
        int original = keys.originalPositions(maxPositions);
        double[] frequencies = new double[plain.length];
        for (int i = 0; i < frequencies.length; i++) {
            double turns = original * plain[i] / (2 * Math.PI);
            double kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
            frequencies[i] = plain[i] * kept + plain[i] / factor * (1 - kept);
        }
        return Rope.fixed(frequencies, 1, maxPositions);
    }
}
