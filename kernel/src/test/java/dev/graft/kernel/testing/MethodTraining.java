package dev.graft.kernel.testing;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Progress;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.tensor.RandomStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps of AdamW on one batch: towards its tokens, or towards a class for each row. The optimizer's plugin has to be
 * on the class path.
 */
public final class MethodTraining implements AutoCloseable {
    private static final int TOTAL = 100;

    private final Bench bench;
    private final FixedLabels objective;
    private final AttachedAdapter adapter;
    private final Optimizer optimizer;
    private final OptimizerStep step;
    private int taken;

    /** A training that begins. */
    public MethodTraining(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        this.bench = bench;
        this.objective = new FixedLabels(model.description().task());
        this.adapter = adapter;
        this.optimizer = create(bench.registry().optimizer("adamw"));
        this.step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter)), objective, optimizer, 0, false));
    }

    private static <C extends Record> Optimizer create(OptimizerProvider<C> provider) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of(), "optimizer"));
    }

    /** Goes on where another training stopped, with an adapter of another name perhaps. */
    public MethodTraining resumedFrom(MethodTraining other) {
        String before = other.adapter.name() + "/";
        String after = adapter.name() + "/";
        Map<String, Array> state = new HashMap<>();
        other.optimizer
                .state()
                .forEach((key, array) ->
                        state.put(key.replace(before, after), bench.engine().copy(array)));
        Map<String, Long> counters = new HashMap<>();
        other.optimizer.counters().forEach((key, count) -> counters.put(key.replace(before, after), count));
        optimizer.restore(state, counters);
        taken = other.taken;
        return this;
    }

    /** Takes steps; returns the loss before the last. */
    public double steps(int count) {
        double loss = Double.NaN;
        for (int i = 0; i < count; i++, taken++) {
            loss = step.take(
                            List.of(tensors -> objective.batch(bench)),
                            layer -> 0.02,
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
