package dev.graft.tck.bench;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Progress;
import dev.graft.spi.tensor.RandomStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Steps of Adam on {@link Tokens#PAIR}. */
public final class Training implements AutoCloseable {
    private static final int TOTAL = 100;
    private static final double RATE = 0.05;

    private final Engine engine;
    private final FixedBatch objective;
    private final AttachedAdapter adapter;
    private final Adam optimizer = new Adam();
    private final OptimizerStep step;
    private int taken;

    /** A training that begins. */
    public Training(LoadedModel model, AttachedAdapter adapter) {
        this.engine = model.tensors().engine();
        this.objective = new FixedBatch(model.description().task());
        this.adapter = adapter;
        this.step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter)), objective, optimizer, 0, false));
    }

    /** Goes on where another training stopped, with another adapter. */
    public Training resumedFrom(Training other) {
        String before = other.adapter.name() + "/";
        String after = adapter.name() + "/";
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
            loss = step.take(
                            List.of(tensors -> objective.batch(tensors, Tokens.PAIR)),
                            layer -> RATE,
                            progress(taken),
                            RandomStream.seeded(taken))
                    .loss();
            adapter.attachment().stepped(progress(taken + 1));
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
