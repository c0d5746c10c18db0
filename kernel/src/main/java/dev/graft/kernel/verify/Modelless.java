package dev.graft.kernel.verify;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensors;

/**
 * Runs nothing: for cases that hold every value a model would have given.
 *
 * @param tensors makes tensors
 */
record Modelless(Tensors tensors) implements Runner {
    @Override
    public ModelDescription model() {
        throw missing();
    }

    @Override
    public Output forward(Input input) {
        throw missing();
    }

    @Override
    public Output reference(Input input) {
        throw missing();
    }

    private static ConfigurationException missing() {
        return new ConfigurationException(
                "the case.json of the case names no model: it has neither adapter nor base_model");
    }
}
