package dev.graft.tck.objective;

import dev.graft.spi.config.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;

/** What an objective may declare that it cannot do; the rule about it then asks for the opposite. */
public enum ObjectiveCapability {
    /** The loss of a batch is the sum of those of its examples: otherwise an example's loss does depend on its mates. */
    ACCUMULATE,
    /**
     * Figures over a data set do not depend on how it was cut into batches: otherwise they do, for instance since answers are
     * drawn batch by batch.
     */
    CUT_EVALUATION;

    /**
     * A capability by its name, for instance {@code cut-evaluation}.
     *
     * @throws ConfigurationException if there is none of this name
     */
    public static ObjectiveCapability named(String name) {
        return Arrays.stream(values())
                .filter(capability -> capability.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no capability '" + name
                        + "' that an objective may lack; there are " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
