package dev.graft.methods.ppt;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code -log p(<X> = v(y) | [P; f(x)])} (Gu et al. 2022, the objective of prompt tuning with patterns and verbalisers), normalised over the label words.
 *
 * @param labelling gives examples their labels
 */
record AnswerLoss(Labelling labelling) {
    Loss of(Runner runner, Batch batch) {
        long[] labels = labelling.of(runner, batch);
        Tensor logits = Answers.logits(runner.tensors(), runner.forward(batch.input()), batch, labelling.words());
        Tensor losses = logits.crossEntropy(runner.tensors().of(labels, Shape.of(labels.length)));
        long counted =
                Arrays.stream(labels).filter(label -> label != Losses.IGNORED).count();
        return new Loss(losses.sum(), counted, Map.of());
    }
}
