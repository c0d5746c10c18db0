package dev.graft.methods.full;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Tokens;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.optimizers.sgd.SgdConfig;
import dev.graft.optimizers.sgd.SgdProvider;
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
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps of gradient descent towards the next token of a fixed batch. */
final class Training implements AutoCloseable {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 8, 11, 1});

    private final Bench bench;
    private final Optimizer optimizer =
            new SgdProvider().create(ConfigurationBinder.bind(SgdConfig.class, Map.of(), "optimizer"));
    private final OptimizerStep step;

    Training(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        this.bench = bench;
        this.step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter)), new NextToken(), optimizer, 0, false));
    }

    /** One step at a point of the run; returns the loss before it. */
    double step(double epoch) {
        Progress progress = new Progress(Math.round(epoch * 10), 100, epoch, 10);
        return step.take(List.of(tensors -> batch()), layer -> 0.5, progress, RandomStream.seeded(1))
                .loss();
    }

    private Batch batch() {
        Input input = bench.input(TOKENS.ids(), TOKENS.mask());
        return new Batch(input, input.ids(), List.of());
    }

    @Override
    public void close() {
        optimizer.close();
    }

    private record NextToken() implements Objective {
        @Override
        public Task task() {
            return Task.CAUSAL_LM;
        }

        @Override
        public Optional<Example> encode(DataRecord record, EncodeContext context) {
            throw new UnsupportedOperationException("batches are made by hand");
        }

        @Override
        public Loss loss(Runner runner, Batch batch) {
            Tensor losses = runner.forward(batch.input()).tokenLosses(batch.labels(), true);
            return new Loss(losses.sum(), losses.shape().elements(), Map.of());
        }

        @Override
        public Evaluator evaluator() {
            throw new UnsupportedOperationException("nothing is evaluated");
        }
    }
}
