package dev.graft.tck.quantizer;

import dev.graft.spi.config.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;

/** What a quantizer may declare that it cannot do; the rule about it then asks for the opposite. */
public enum QuantizerCapability {
    /** Zeros stay zeros, and no number changes its sign: otherwise some do. */
    KEEP_ZERO,
    /** Quantising again what was dequantised changes nothing: otherwise it does. */
    SETTLE;

    /**
     * A capability by its name, for instance {@code keep-zero}.
     *
     * @throws ConfigurationException if there is none of this name
     */
    public static QuantizerCapability named(String name) {
        return Arrays.stream(values())
                .filter(capability -> capability.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no capability '" + name
                        + "' that a quantizer may lack; there are " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
