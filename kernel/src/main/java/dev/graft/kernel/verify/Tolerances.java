package dev.graft.kernel.verify;

import dev.graft.spi.model.ModelDescription;

/**
 * How much a case may differ from its reference.
 *
 * @param logits absolute, before training
 * @param trainedLogits absolute, after training
 * @param losses relative, at every step
 */
record Tolerances(double logits, double trainedLogits, double losses) {
    /** Logits of T5 are an order of magnitude larger than those of other models. */
    static Tolerances of(ModelDescription model) {
        return new Tolerances(model.modelType().equals("t5") ? 2e-3 : 2e-4, 2e-3, 5e-4);
    }
}
