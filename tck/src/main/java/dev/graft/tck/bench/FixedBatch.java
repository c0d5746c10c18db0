package dev.graft.tck.bench;

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
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The kit's own objective: the cross-entropy of a batch against its own tokens, or against class {@code row mod 3} for each row.
 *
 * @param task what the model is for
 */
public record FixedBatch(Task task) implements Objective {
    /** A batch of tokens in the current scope; padding has no label. */
    public Batch batch(Tensors tensors, Tokens tokens) {
        Input input = tokens.input(tensors);
        Tensor labels = task == Task.SEQ_CLS
                ? tensors.of(
                        IntStream.range(0, tokens.rows())
                                .mapToLong(row -> row % 3)
                                .toArray(),
                        Shape.of(tokens.rows()))
                : tensors.of(labels(tokens), Shape.of(tokens.rows(), tokens.length()));
        return new Batch(input, labels, List.of());
    }

    private static long[] labels(Tokens tokens) {
        long[] labels = new long[tokens.rows() * tokens.length()];
        for (int row = 0, at = 0; row < tokens.rows(); row++) {
            for (int slot = 0; slot < tokens.length(); slot++, at++) {
                labels[at] = tokens.mask()[row][slot] == 0 ? -100 : tokens.ids()[row][slot];
            }
        }
        return labels;
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        throw new UnsupportedOperationException("batches are made by hand");
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Tensor losses = task == Task.SEQ_CLS
                ? runner.forward(batch.input()).logits().crossEntropy(batch.labels())
                : runner.forward(batch.input()).tokenLosses(batch.labels(), task == Task.CAUSAL_LM);
        return new Loss(losses.sum(), losses.shape().elements(), Map.of());
    }

    @Override
    public Evaluator evaluator() {
        throw new UnsupportedOperationException("nothing is evaluated");
    }
}
