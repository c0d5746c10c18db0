package dev.graft.spi.objective;

import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.Tensors;

/** Runs the model for an objective. */
public interface Runner {
    /** Makes tensors. */
    Tensors tensors();

    /** The model's measures. */
    ModelDescription model();

    /** Runs the model with what is being trained. */
    Output forward(Input input);

    /** Runs the bare base, without recording: the reference policy of preference objectives. */
    Output reference(Input input);
}
