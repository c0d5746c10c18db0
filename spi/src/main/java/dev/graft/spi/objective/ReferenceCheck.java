package dev.graft.spi.objective;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * How a case is held against its reference: values computed from its examples, each compared with the case's tensor of the
 * same name, and the losses of training on its examples.
 *
 * @param examples the examples of the case, one batch of them
 * @param values by the name of the reference's tensor, computed from the batch without recording
 * @param trainings by the name of the tensor that holds the loss before each step, the objective that is trained
 */
public record ReferenceCheck(
        List<Example> examples,
        BiFunction<Runner, Batch, Map<String, float[]>> values,
        Map<String, Objective> trainings) {
    /** Copies list and map. */
    public ReferenceCheck {
        examples = List.copyOf(examples);
        trainings = Map.copyOf(trainings);
    }
}
