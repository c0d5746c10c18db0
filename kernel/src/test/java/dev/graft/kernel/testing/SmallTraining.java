package dev.graft.kernel.testing;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps of AdamW on one batch: towards the next token, or towards a class for each row. */
public final class SmallTraining implements AutoCloseable {
    private final Bench bench;
    private final Tokens tokens;
    private final Task task;
    private final Optimizer optimizer;
    private final OptimizerStep step;
    private int taken;

    /** Training of an adapter on a batch of two rows. */
    public SmallTraining(Bench bench, LoadedModel model, AttachedAdapter adapter, Tokens tokens) {
        this.bench = bench;
        this.tokens = tokens;
        this.task = model.description().task();
        this.optimizer = create(bench.registry().optimizer("adamw"));
        this.step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter)), new FixedLabels(task), optimizer, 0, false));
    }

    private static <C extends Record> Optimizer create(OptimizerProvider<C> provider) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of(), "optimizer"));
    }

    /** Goes on where another training stopped, with an adapter of another name. */
    public SmallTraining resumedFrom(SmallTraining other, String name, String newName) {
        Map<String, Array> state = new HashMap<>();
        other.optimizer
                .state()
                .forEach((key, array) -> state.put(
                        key.replace(name + "/", newName + "/"), bench.engine().copy(array)));
        Map<String, Long> counters = new HashMap<>();
        other.optimizer.counters().forEach((key, count) -> counters.put(key.replace(name + "/", newName + "/"), count));
        optimizer.restore(state, counters);
        taken = other.taken;
        return this;
    }

    /** Takes steps; returns the loss before the last. */
    public double steps(int count) {
        double loss = Double.NaN;
        for (int i = 0; i < count; i++, taken++) {
            Progress progress = new Progress(taken, 100, 0, 1);
            loss = step.take(List.of(tensors -> batch()), layer -> 0.02, progress, RandomStream.seeded(taken))
                    .loss();
        }
        return loss;
    }

    private Batch batch() {
        Input input = bench.input(tokens.ids(), tokens.mask());
        Tensor labels = task == Task.CAUSAL_LM ? input.ids() : bench.tensors().of(new long[] {2, 0}, Shape.of(2));
        return new Batch(input, labels, List.of());
    }

    @Override
    public void close() {
        optimizer.close();
    }

    private record FixedLabels(Task task) implements Objective {
        @Override
        public Optional<Example> encode(DataRecord record, EncodeContext context) {
            throw new UnsupportedOperationException("batches are made by hand");
        }

        @Override
        public Loss loss(Runner runner, Batch batch) {
            Tensor losses = task == Task.CAUSAL_LM
                    ? runner.forward(batch.input()).tokenLosses(batch.labels(), true)
                    : runner.forward(batch.input()).logits().crossEntropy(batch.labels());
            return new Loss(losses.sum(), losses.shape().elements(), Map.of());
        }

        @Override
        public Evaluator evaluator() {
            throw new UnsupportedOperationException("nothing is evaluated");
        }
    }
}
