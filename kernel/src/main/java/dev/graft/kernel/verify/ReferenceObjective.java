package dev.graft.kernel.verify;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.model.Output;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The loss that transformers computes from {@code labels}: mean cross-entropy over labelled tokens, each predicted by
 * the token before it in causal models and by its own position in masked ones, or over labelled sequences.
 *
 * @param task the model's task
 */
record ReferenceObjective(Task task) implements Objective {
    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        throw new UnsupportedOperationException("reference cases come as tensors");
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Output output = runner.forward(batch.input());
        Tensor labels = batch.labels();
        if (task == Task.CAUSAL_LM || task == Task.MASKED_LM) {
            boolean shift = task == Task.CAUSAL_LM;
            return new Loss(output.tokenLosses(labels, shift).sum(), output.labelled(labels, shift), Map.of());
        }
        Tensor logits = output.logits();
        Tensor rows = logits.reshape(-1, logits.size(-1));
        Tensor losses = rows.crossEntropy(labels.reshape(-1));
        long counted = Arrays.stream(labels.longs())
                .filter(label -> label != Losses.IGNORED)
                .count();
        return new Loss(losses.sum(), counted, Map.of());
    }

    @Override
    public Evaluator evaluator() {
        throw new UnsupportedOperationException("reference cases are compared, not evaluated");
    }
}
