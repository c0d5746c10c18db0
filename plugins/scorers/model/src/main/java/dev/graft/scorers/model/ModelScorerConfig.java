package dev.graft.scorers.model;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;

/**
 * Configuration of scoring by a model.
 *
 * @param adapter directory of an adapter with a head, upon the run's own base
 * @param outputs outputs of that head
 * @param model directory of a checkpoint with a head, which is loaded beside the base
 * @param label which output is the score
 * @param reads what a checkpoint of its own is given
 */
public record ModelScorerConfig(
        @Key(
                value =
                        "Directory of a reward model saved as an adapter; it runs on the run's own base, whose weights it shares",
                path = true)
        String adapter,

        @Key(value = "Number of outputs of the adapter's head; 1 for a reward model", defaultsTo = "1", min = 1)
        int outputs,

        @Key(
                value =
                        "Directory of a checkpoint with a head per sequence, a reward model or a classifier, instead of adapter; it"
                                + " is loaded beside the base",
                path = true)
        String model,

        @Key("Name or number of the output that is the score; may be left out where there is one")
        String label,

        @Key(value = "What the checkpoint is given", defaultsTo = "both")
        Reads reads) {
    /** What a model is given. */
    public enum Reads {
        /** Prompt and answer, one behind the other. */
        BOTH,
        /** The answer alone. */
        ANSWER
    }

    /** Checks that there is one model. */
    public ModelScorerConfig {
        if ((adapter == null) == (model == null)) {
            throw new ConfigurationException("scorer 'model' names "
                    + (adapter == null ? "neither adapter nor model" : "both adapter and model")
                    + "; exactly one of them is needed");
        }
        if (adapter != null && reads != Reads.BOTH) {
            throw new ConfigurationException("scorer 'model' has reads: answer beside adapter, which reads prompt and"
                    + " answer as the run's base has them; reads is for model");
        }
    }
}
