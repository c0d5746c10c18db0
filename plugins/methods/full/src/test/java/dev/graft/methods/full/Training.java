package dev.graft.methods.full;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.FixedLabels;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.optimizers.sgd.SgdConfig;
import dev.graft.optimizers.sgd.SgdProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Task;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Map;

/** Steps of gradient descent towards the next token of a fixed batch. */
final class Training implements AutoCloseable {
    private final Bench bench;
    private final FixedLabels objective = new FixedLabels(Task.CAUSAL_LM);
    private final Optimizer optimizer =
            new SgdProvider().create(ConfigurationBinder.bind(SgdConfig.class, Map.of(), "optimizer"));
    private final OptimizerStep step;

    Training(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        this.bench = bench;
        this.step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter)), objective, optimizer, 0, false));
    }

    /** One step at a point of the run; returns the loss before it. */
    double step(double epoch) {
        Progress progress = new Progress(Math.round(epoch * 10), 100, epoch, 10);
        return step.take(List.of(tensors -> objective.batch(bench)), layer -> 0.5, progress, RandomStream.seeded(1))
                .loss();
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
