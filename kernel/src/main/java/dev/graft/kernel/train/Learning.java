package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * How the batches of one task are learnt from.
 *
 * @param name the task's name; empty where there is but one
 * @param model the base under the task's head
 * @param adapters what is attached for it, what the objective itself learns among them
 * @param objective what is minimised
 * @param weight what its loss counts in the loss that is reported
 * @param weigh the mean loss as it counts in what is minimised
 */
public record Learning(
        String name,
        LoadedModel model,
        List<AttachedAdapter> adapters,
        Objective objective,
        double weight,
        UnaryOperator<Tensor> weigh) {
    /** Copies the list. */
    public Learning {
        adapters = List.copyOf(adapters);
    }

    /** The only task of a run. */
    static Learning alone(LoadedModel model, List<AttachedAdapter> adapters, Objective objective) {
        return new Learning("", model, adapters, objective, 1, loss -> loss);
    }

    /**
     * A batch and what is learnt from it.
     *
     * @param learning how
     * @param batch made inside the scope it is freed with
     */
    public record Portion(Learning learning, Function<Tensors, Batch> batch) {}

    /** What a figure of this task is called among those of a run. */
    String figure(String of) {
        return name.isEmpty() ? of : name + "/" + of;
    }
}
