package dev.graft.tck.method;

import dev.graft.spi.config.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;

/** What a technique may declare that it cannot do; the rule about it then asks for a clean refusal, or for the opposite. */
public enum Capability {
    /** Merging into the base: otherwise a merge is refused in one sentence. */
    MERGE,
    /** Leaving the model's outputs alone before it has learned: otherwise a fresh adapter changes them. */
    NO_OP_WHEN_FRESH,
    /** Acting on what another adapter of its kind has made: otherwise the later of two takes the place of the earlier. */
    STACK,
    /**
     * Computing what its files hold at any time of a run: otherwise it settles when a run ends, and rules about files try what
     * was saved and loaded once.
     */
    SAVE_ANY_TIME,
    /** Combining several adapters into one: otherwise this is refused in one sentence. */
    COMBINE;

    /**
     * A capability by its name, for instance {@code no-op-when-fresh}.
     *
     * @throws ConfigurationException if there is none of this name
     */
    public static Capability named(String name) {
        return Arrays.stream(values())
                .filter(capability -> capability.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no capability '" + name
                        + "' that a method may lack; there are " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
