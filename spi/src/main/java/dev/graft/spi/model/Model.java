package dev.graft.spi.model;

import java.util.List;
import java.util.Set;

/** The forward pass of one loaded checkpoint. Holds no state between passes; safe for use by several threads. */
public interface Model {
    /**
     * Its measures.
     *
     * <p>They MUST be those of the configuration (rule 9.08).
     */
    ModelDescription description();

    /**
     * Every site, in the order of the forward pass.
     *
     * <p>Names MUST be different within a kind (rule 9.06); blocks MUST NOT fall from one site to the next, and each
     * block MUST have one (rule 9.07).
     */
    List<Site> sites();

    /**
     * Runs the model.
     *
     * <p>A row MUST give the same alone as in a batch (rule 9.01), whatever stands in front of it as padding (rule
     * 9.02), token by token out of a cache as in one pass (rule 9.03), and every time, to the bit (rule 9.09). A
     * decoder MUST NOT see what comes (rule 9.04), and every token MUST be heard (rule 9.05). A pass MUST leave no
     * array (rule 9.10).
     */
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
