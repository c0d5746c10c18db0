package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs an objective's labeller over batches, without recording. */
public final class Prediction {
    private Prediction() {}

    /**
     * The probabilities of the labels for every example, in order.
     *
     * @param adapters what is attached to every row
     * @param progress told the number of batches done after each
     */
    public static List<float[]> run(
            LoadedModel model,
            List<AttachedAdapter> adapters,
            Labeller labeller,
            List<HostBatch> batches,
            IntConsumer progress) {
        GraftTensors tensors = model.tensors();
        ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
        return tensors.withoutGradient(() -> {
            List<float[]> rows = new ArrayList<>();
            int done = 0;
            for (HostBatch batch : batches) {
                try (Scope scope = tensors.scope()) {
                    float[] flat = labeller.probabilities(runner, batch.toBatch(tensors))
                            .floats();
                    int labels = flat.length / batch.examples().size();
                    for (int from = 0; from < flat.length; from += labels) {
                        rows.add(Arrays.copyOfRange(flat, from, from + labels));
                    }
                }
                progress.accept(++done);
            }
            return rows;
        });
    }
}
