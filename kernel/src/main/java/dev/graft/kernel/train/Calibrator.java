package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows attachments the squared gradients of single examples, for those that ask for them. */
final class Calibrator {
    private final Workshop workshop;
    private final GraftTensors tensors;
    private final List<HostBatch> examples;

    /**
     * A calibrator.
     *
     * @param examples training examples, one to a batch
     */
    Calibrator(Workshop workshop, List<HostBatch> examples) {
        this.workshop = workshop;
        this.tensors = workshop.model().tensors();
        this.examples = examples;
    }

    /** Serves every attachment that wants to look now. */
    void run(Calibration.When now) {
        for (AttachedAdapter adapter : workshop.adapters()) {
            Optional<Calibration> wanted =
                    adapter.learns() ? adapter.attachment().calibration() : Optional.empty();
            if (wanted.isPresent() && wanted.get().when() == now) {
                show(adapter, wanted.get());
            }
        }
    }

    private void show(AttachedAdapter adapter, Calibration wanted) {
        List<Parameter> parameters = wanted.parameters();
        parameters.forEach(parameter -> adapter.freeze(parameter, false));
        int count = Math.min(wanted.examples(), examples.size());
        Array[] sums = new Array[parameters.size()];
        try (Scope scope = tensors.scope()) {
            for (HostBatch example : examples.subList(0, count)) {
                add(example, parameters, sums);
            }
            Map<Parameter, Tensor> squares = new LinkedHashMap<>();
            for (int i = 0; i < sums.length; i++) {
                Parameter parameter = parameters.get(i);
                Tensor sum = sums[i] == null
                        ? tensors.zeros(
                                parameter.spec().shape(), parameter.tensor().dtype())
                        : tensors.wrap(sums[i]);
                sums[i] = null;
                squares.put(parameter, sum.mul(1.0 / Math.max(1, count)));
            }
            tensors.withoutGradient(() -> {
                adapter.attachment().calibrated(squares);
                return null;
            });
        } finally {
            for (Array sum : sums) {
                if (sum != null) {
                    sum.close();
                }
            }
        }
    }

    private void add(HostBatch example, List<Parameter> parameters, Array[] sums) {
        Engine engine = tensors.engine();
        Objective objective = workshop.objective();
        ModelRunner runner =
                new ModelRunner(workshop.model(), RowAssignment.all(workshop.adapters()), PassOptions.inference());
        try (Scope scope = tensors.scope()) {
            Loss loss = objective.loss(runner, example.toBatch(tensors));
            if (loss.weight() == 0) {
                return;
            }
            List<Tensor> leaves = new ArrayList<>();
            parameters.forEach(parameter -> leaves.add(parameter.tensor()));
            try (Gradients gradients = tensors.backward(loss.sum().mul(1 / loss.weight()), leaves)) {
                for (int i = 0; i < sums.length; i++) {
                    Array gradient = gradients.get(leaves.get(i));
                    if (gradient == null) {
                        continue;
                    }
                    Array square = engine.unary(Unary.SQUARE, gradient);
                    if (sums[i] == null) {
                        sums[i] = square;
                    } else {
                        engine.addInPlace(sums[i], square, 1);
                        square.close();
                    }
                }
            }
        }
    }
}
