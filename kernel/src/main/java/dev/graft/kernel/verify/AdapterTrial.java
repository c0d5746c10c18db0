package dev.graft.kernel.verify;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs one case's adapter: its logits, and its training on the one batch of the reference. */
final class AdapterTrial {
    private static final double ONE_ROUNDING = 1e-7;

    private final LoadedModel model;
    private final List<AttachedAdapter> adapters;
    private final Reference reference;
    private final ReferenceObjective objective;
    private final GraftTensors tensors;

    AdapterTrial(LoadedModel model, List<AttachedAdapter> adapters, Reference reference) {
        this.model = model;
        this.adapters = adapters;
        this.reference = reference;
        this.objective = new ReferenceObjective(model.description().task());
        this.tensors = model.tensors();
    }

    /** Logits with the adapter as it is now. */
    float[] logits() {
        return tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                return model.forward(reference.input(), RowAssignment.all(adapters), PassOptions.inference())
                        .logits()
                        .floats();
            }
        });
    }

    /** Changes every element of every parameter by about one rounding error. */
    void disturb(long seed) {
        disturb(tensors, adapters, seed);
    }

    /** Changes every element of every parameter of adapters by about one rounding error. */
    static void disturb(GraftTensors tensors, List<AttachedAdapter> adapters, long seed) {
        Engine engine = tensors.engine();
        RandomStream random = RandomStream.seeded(seed);
        for (TrainedParameters.Named named : new TrainedParameters(adapters).all()) {
            Array value = named.adapter().array(named.parameter());
            try (Array noise = engine.normal(value.shape(), value.dtype(), random.next());
                    Array change = engine.binary(Binary.MUL, noise, value)) {
                engine.addInPlace(value, change, ONE_ROUNDING);
            }
        }
    }

    /**
     * Trains on the batch of the reference.
     *
     * @param steps optimizer steps
     */
    Trajectory train(Optimizer optimizer, double learningRate, int steps) {
        double[] losses = new double[steps + 1];
        double firstNorm = 0;
        OptimizerStep step = new OptimizerStep(
                new OptimizerStep.Setting(model, new TrainedParameters(adapters), objective, optimizer, 0, false));
        for (int i = 0; i < steps; i++) {
            OptimizerStep.Result result = step.take(
                    List.of(ignored -> batch()),
                    layer -> learningRate,
                    new Progress(i, steps, 0, 1),
                    RandomStream.seeded(i));
            losses[i] = result.loss();
            firstNorm = i == 0 ? result.gradientNorm() : firstNorm;
        }
        losses[steps] = lossNow();
        return new Trajectory(losses, firstNorm, logits(), state());
    }

    private Map<String, float[]> state() {
        try (Scope scope = tensors.scope()) {
            Map<String, float[]> state = new LinkedHashMap<>();
            for (AttachedAdapter adapter : adapters) {
                adapter.attachment().state().forEach((name, tensor) -> state.put(name, tensor.floats()));
            }
            return state;
        }
    }

    private double lossNow() {
        return tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
                Loss loss = objective.loss(runner, batch());
                return loss.sum().item() / loss.weight();
            }
        });
    }

    private Batch batch() {
        return new Batch(reference.input(), reference.integers("labels"), List.of());
    }
}
