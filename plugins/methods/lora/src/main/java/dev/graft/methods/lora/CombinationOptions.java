package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import java.util.List;
import java.util.Map;

/**
 * How adapters are combined, under PEFT's names.
 *
 * @param way one of {@link #WAYS}
 * @param density share of elements that pruning keeps, above 0 and up to 1
 * @param byFrequency whether every adapter has one vote in the election of signs, instead of votes by magnitude
 * @param svdRank rank that a decomposition keeps; 0 = the largest of the adapters'
 * @param seed seed of pruning by chance
 */
record CombinationOptions(String way, double density, boolean byFrequency, int svdRank, long seed) {
    static final List<String> WAYS = List.of(
            "linear",
            "cat",
            "svd",
            "ties",
            "ties_svd",
            "dare_linear",
            "dare_ties",
            "dare_linear_svd",
            "dare_ties_svd",
            "magnitude_prune",
            "magnitude_prune_svd");

    private static final List<String> KEYS = List.of("density", "majority_sign_method", "svd_rank", "seed");
    private static final List<String> VOTES = List.of("total", "frequency");

    /**
     * Reads a combination's way and its further keys.
     *
     * @throws ConfigurationException if one of them is not known or not allowed
     */
    static CombinationOptions read(String way, Map<String, Object> options) {
        if (!WAYS.contains(way)) {
            throw new ConfigurationException("adapters cannot be combined by '" + way + "'; the ways are " + WAYS);
        }
        for (String key : options.keySet()) {
            if (!KEYS.contains(key)) {
                throw new ConfigurationException(
                        "a combination has no key '" + key + "'; besides its way it has " + KEYS);
            }
        }
        Object votes = options.getOrDefault("majority_sign_method", "total");
        if (!VOTES.contains(String.valueOf(votes))) {
            throw new ConfigurationException("majority_sign_method is '" + votes + "'; it must be one of " + VOTES);
        }
        boolean prunes = way.startsWith("ties") || way.startsWith("dare") || way.startsWith("magnitude");
        double density = prunes ? number(options, "density", -1) : 1;
        if (!(density > 0 && density <= 1)) {
            throw new ConfigurationException("density is "
                    + (options.containsKey("density") ? options.get("density") : "not given") + "; combining by '" + way
                    + "' needs a number above 0 and up to 1");
        }
        double rank = number(options, "svd_rank", 0);
        if (rank < 0 || rank != Math.rint(rank)) {
            throw new ConfigurationException(
                    "svd_rank is " + options.get("svd_rank") + "; it must be a whole number from 1");
        }
        return new CombinationOptions(
                way, density, votes.equals("frequency"), (int) rank, (long) number(options, "seed", 0));
    }

    /** Whether products are combined and decomposed again, instead of their factors. */
    boolean decomposes() {
        return way.endsWith("svd");
    }

    /** Whether elements are pruned by chance. */
    boolean prunesByChance() {
        return way.startsWith("dare");
    }

    /** Whether small elements are pruned. */
    boolean prunesByMagnitude() {
        return way.startsWith("ties") || way.startsWith("magnitude");
    }

    /** Whether the adapters elect a sign for each element. */
    boolean electsSigns() {
        return way.contains("ties");
    }

    private static double number(Map<String, Object> options, String key, double absent) {
        Object value = options.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new ConfigurationException(key + " is '" + value + "' where a number is needed");
    }
}
