package dev.graft.methods.adapter;

import dev.graft.spi.config.ConfigurationException;
import java.util.Map;

/** Widths of bottlenecks out of a reduction factor, as AdapterHub reckons them. */
final class Reduction {
    private static final String DEFAULT = "default";

    private Reduction() {}

    /**
     * Width of the bottleneck of a layer: {@code floor(hidden / factor)}, at least 1.
     *
     * @param factor a number, or a map from numbers of layers to numbers
     * @throws ConfigurationException if a map has neither the layer nor {@code default}
     */
    static int width(Object factor, int layer, int hidden) {
        Object own = factor;
        if (factor instanceof Map<?, ?> byLayer) {
            own = byLayer.containsKey(String.valueOf(layer))
                    ? byLayer.get(String.valueOf(layer))
                    : byLayer.get(DEFAULT);
            if (own == null) {
                throw new ConfigurationException("reduction_factor has no number for layer " + layer
                        + ": name every layer, or give one under '" + DEFAULT + "'");
            }
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, floorDivide(hidden, ((Number) own).doubleValue())));
    }

    /** The quotient rounded down with what is left over known exactly, so that 0.1 goes 9 times into 1. */
    private static double floorDivide(double dividend, double divisor) {
        return Math.rint((dividend - dividend % divisor) / divisor);
    }

    /**
     * Checks a factor as far as no model is needed.
     *
     * @throws ConfigurationException if it is no positive number and no map of such
     */
    static void check(Object factor) {
        if (factor instanceof Map<?, ?> byLayer && !byLayer.isEmpty()) {
            byLayer.forEach((layer, own) -> {
                if (!String.valueOf(layer).matches("\\d+|" + DEFAULT)) {
                    throw new ConfigurationException("reduction_factor has a key '" + layer
                            + "'; its keys are numbers of layers and '" + DEFAULT + "'");
                }
                number("reduction_factor." + layer, own);
            });
        } else {
            number("reduction_factor", factor);
        }
    }

    private static void number(String key, Object value) {
        if (!(value instanceof Number number)
                || !(number.doubleValue() > 0)
                || Double.isInfinite(number.doubleValue())) {
            throw new ConfigurationException(key + " is " + value + "; it must be a number above 0"
                    + (key.contains(".") ? "" : ", or a map from numbers of layers to such numbers"));
        }
    }
}
