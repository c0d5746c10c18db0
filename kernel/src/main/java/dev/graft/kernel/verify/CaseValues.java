package dev.graft.kernel.verify;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.ReferenceValues;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Map;
import java.util.Set;

/**
 * A case as an objective sees it.
 *
 * @param reference its tensors
 * @param description what its {@code case.json} says
 * @param tensors opens scopes
 */
record CaseValues(Reference reference, Map<String, Object> description, Tensors tensors) implements ReferenceValues {
    @Override
    public Set<String> names() {
        return reference.names();
    }

    @Override
    public int[][] table(String name) {
        try (Scope scope = tensors.scope()) {
            Tensor tensor = reference.integers(name);
            if (tensor.shape().rank() != 2) {
                throw new ConfigurationException("the tensor '" + name + "' of a reference case has shape "
                        + tensor.shape() + " where [rows, columns] is expected");
            }
            long[] flat = tensor.longs();
            int columns = Math.toIntExact(tensor.size(1));
            int[][] rows = new int[Math.toIntExact(tensor.size(0))][columns];
            for (int i = 0; i < flat.length; i++) {
                rows[i / columns][i % columns] = Math.toIntExact(flat[i]);
            }
            return rows;
        }
    }

    @Override
    public double[] numbers(String name) {
        return reference.doubles(name);
    }
}
