package dev.graft.spi.objective;

import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.Tensors;
import java.util.Optional;

/** Runs the model for an objective. */
public interface Runner {
    /** Makes tensors. */
    Tensors tensors();

    /** The model's measures. */
    ModelDescription model();

    /** Runs the model with what is being trained. */
    Output forward(Input input);

    /**
     * Runs the base without what is being trained and without recording, in the same memory: the reference policy of
     * preference objectives. Adapters that a run holds frozen stay attached.
     */
    Output reference(Input input);

    /** What has the model act; empty where it is only run, for instance on reference cases. */
    default Optional<Actor> actor() {
        return Optional.empty();
    }
}
