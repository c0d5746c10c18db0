package dev.graft.kernel.testing;

import dev.graft.spi.engine.Shape;
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
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An objective for one batch of two rows: their tokens, or a class for each row.
 *
 * @param task what the model is for
 */
public record FixedLabels(Task task) implements Objective {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2, 30}, new long[] {5, 4, 30, 11, 1});

    /** The batch. */
    public Batch batch(Bench bench) {
        Input input = bench.input(TOKENS.ids(), TOKENS.mask());
        Tensor labels = task != Task.SEQ_CLS ? input.ids() : bench.tensors().of(new long[] {2, 0}, Shape.of(2));
        return new Batch(input, labels, List.of());
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        throw new UnsupportedOperationException("batches are made by hand");
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Tensor losses = task != Task.SEQ_CLS
                ? runner.forward(batch.input()).tokenLosses(batch.labels(), task == Task.CAUSAL_LM)
                : runner.forward(batch.input()).logits().crossEntropy(batch.labels());
        return new Loss(losses.sum(), losses.shape().elements(), Map.of());
    }

    @Override
    public Evaluator evaluator() {
        throw new UnsupportedOperationException("nothing is evaluated");
    }
}
