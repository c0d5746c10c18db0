package dev.graft.spi.objective;

import java.util.Map;
import java.util.Set;

/** The inputs and outputs of a reference implementation, as a case holds them. */
public interface ReferenceValues {
    /** What {@code case.json} says. */
    Map<String, Object> description();

    /** Names of the tensors there are. */
    Set<String> names();

    /**
     * A tensor of whole numbers {@code [rows, columns]}, by rows.
     *
     * @throws dev.graft.spi.config.ConfigurationException if there is none of this name, or it has another rank
     */
    int[][] table(String name);

    /**
     * The elements of a tensor, row-major.
     *
     * @throws dev.graft.spi.config.ConfigurationException if there is none of this name
     */
    double[] numbers(String name);
}
