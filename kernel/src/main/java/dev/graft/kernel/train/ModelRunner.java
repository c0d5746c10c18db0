package dev.graft.kernel.train;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensors;

/**
 * Runs a model for an objective, the same adapters for every row.
 *
 * @param loaded the model
 * @param rows the adapters
 * @param options how passes are run
 */
public record ModelRunner(LoadedModel loaded, RowAssignment rows, PassOptions options) implements Runner {
    @Override
    public Tensors tensors() {
        return loaded.tensors();
    }

    @Override
    public ModelDescription model() {
        return loaded.description();
    }

    @Override
    public Output forward(Input input) {
        return loaded.forward(input, rows, options);
    }

    @Override
    public Output reference(Input input) {
        RowAssignment frozen = RowAssignment.all(rows.frozen());
        return loaded.tensors().withoutGradient(() -> loaded.forward(input, frozen, PassOptions.inference()));
    }
}
