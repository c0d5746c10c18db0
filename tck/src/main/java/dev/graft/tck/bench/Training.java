package dev.graft.tck.bench;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Steps of Adam on one batch. */
public final class Training implements AutoCloseable {
    private static final int TOTAL = 100;
    private static final double RATE = 0.05;

    private final Engine engine;
    private final List<AttachedAdapter> adapters;
    private final Function<Tensors, Batch> batch;
    private final Adam optimizer = new Adam();
    private final OptimizerStep step;
    private final double rate;
    private int taken;

    /** A training of an adapter on {@link Tokens#PAIR} that begins. */
    public Training(LoadedModel model, AttachedAdapter adapter) {
        this(model, adapter, new FixedBatch(model.description().task()));
    }

    private Training(LoadedModel model, AttachedAdapter adapter, FixedBatch objective) {
        this(model, List.of(adapter), objective, tensors -> objective.batch(tensors, Tokens.PAIR), RATE);
    }

    /**
     * A training of adapters by an objective that begins.
     *
     * @param rate learning rate
     */
    public Training(
            LoadedModel model,
            List<AttachedAdapter> adapters,
            Objective objective,
            Function<Tensors, Batch> batch,
            double rate) {
        this.engine = model.tensors().engine();
        this.adapters = List.copyOf(adapters);
        this.batch = batch;
        this.rate = rate;
        this.step = new OptimizerStep(
                new OptimizerStep.Setting(model, new TrainedParameters(this.adapters), objective, optimizer, 0, false));
    }

    /** Goes on where another training stopped, with another adapter. */
    public Training resumedFrom(Training other) {
        String before = other.adapters.get(0).name() + "/";
        String after = adapters.get(0).name() + "/";
        Map<String, Array> state = new HashMap<>();
        other.optimizer.state().forEach((key, array) -> state.put(key.replace(before, after), engine.copy(array)));
        Map<String, Long> counters = new HashMap<>();
        other.optimizer.counters().forEach((key, count) -> counters.put(key.replace(before, after), count));
        optimizer.restore(state, counters);
        taken = other.taken;
        return this;
    }

    /** Takes steps; returns the mean loss before the last. */
    public double steps(int count) {
        double loss = Double.NaN;
        for (int i = 0; i < count; i++, taken++) {
            loss = step.take(List.of(batch), layer -> rate, progress(taken), RandomStream.seeded(taken))
                    .loss();
            for (AttachedAdapter adapter : adapters) {
                adapter.attachment().stepped(progress(taken + 1));
            }
        }
        return loss;
    }

    private static Progress progress(int steps) {
        return new Progress(steps, TOTAL, (double) steps / TOTAL, 1);
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
