package dev.graft.methods.bitfit;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;

/**
 * Which bias terms learn.
 *
 * @param biases the modules whose biases learn; null = all of them
 * @param inject where biases are brought in that the model does not have
 * @param trainHead whether a classification head learns in full
 */
public record BitFitConfig(
        @Key("Whose biases learn: a list of modules, by name or ending, a regular expression over full names, all, or"
                + " query-and-second-mlp for the paper's smaller choice; left out, all")
        Choice biases,

        @Key(
                value = "Where biases are brought in, from zero, that the model does not have: auto (at the chosen"
                        + " linear layers, if none of them has one), none, linear, or linear_and_norms",
                defaultsTo = "auto")
        Inject inject,

        @Key(value = "Whether the head of a model that classifies learns in full", defaultsTo = "true")
        boolean trainHead) {
    /** Where biases are brought in that the model does not have. */
    public enum Inject {
        /** At the chosen linear layers, if none of them has a bias. */
        AUTO,
        /** Nowhere. */
        NONE,
        /** At chosen linear layers without one. */
        LINEAR,
        /** At chosen linear layers and norms without one. */
        LINEAR_AND_NORMS
    }
}
