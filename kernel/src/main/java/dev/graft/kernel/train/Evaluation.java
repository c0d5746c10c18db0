package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Runs an objective's evaluator over batches, without recording. */
public final class Evaluation {
    private Evaluation() {}

    /**
     * The figures of a data set.
     *
     * @param adapters what is attached to every row
     * @param labels class names in the order of their ids; empty where the objective has no classes
     * @param progress told the number of batches done after each
     */
    public static Map<String, Double> run(
            LoadedModel model,
            List<AttachedAdapter> adapters,
            Objective objective,
            List<HostBatch> batches,
            List<String> labels,
            IntConsumer progress) {
        ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
        return run(runner, model.tensors(), objective, batches, labels, progress);
    }

    /**
     * The figures of a data set.
     *
     * @param runner runs the model
     * @param labels class names in the order of their ids; empty where the objective has no classes
     * @param progress told the number of batches done after each
     */
    public static Map<String, Double> run(
            Runner runner,
            GraftTensors tensors,
            Objective objective,
            List<HostBatch> batches,
            List<String> labels,
            IntConsumer progress) {
        Evaluator evaluator = objective.evaluator(labels);
        return tensors.withoutGradient(() -> {
            int done = 0;
            for (HostBatch batch : batches) {
                try (Scope scope = tensors.scope()) {
                    evaluator.add(runner, batch.toBatch(tensors));
                }
                progress.accept(++done);
            }
            return evaluator.figures();
        });
    }
}
