package dev.graft.spi.model;

import java.util.List;

/** The forward pass of one loaded checkpoint. Holds no state between passes; safe for use by several threads. */
public interface Model {
    /** Its measures. */
    ModelDescription description();

    /** Every site, in the order of the forward pass. */
    List<Site> sites();

    /** Runs the model. */
    Output forward(Pass pass, Input input);
}
