package dev.graft.spi.model;

import java.util.List;
import java.util.Set;

/** The forward pass of one loaded checkpoint. Holds no state between passes; safe for use by several threads. */
public interface Model {
    /** Its measures. */
    ModelDescription description();

    /** Every site, in the order of the forward pass. */
    List<Site> sites();

    /** Runs the model. */
    Output forward(Pass pass, Input input);

    /**
     * What a merged checkpoint needs to hold parameters that this one lacks, as far as the architecture allows.
     *
     * @param parameters their names, for instance {@code model.layers.0.self_attn.q_proj.bias}
     */
    default Room room(Set<String> parameters) {
        return Room.NONE;
    }
}
