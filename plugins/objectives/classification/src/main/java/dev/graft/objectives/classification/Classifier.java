package dev.graft.objectives.classification;

import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Gives texts their classes, by the softmax over the logits of the head.
 *
 * @param classification how texts are read
 * @param labels class names in the order of their ids
 */
record Classifier(Classification classification, List<String> labels) implements Labeller {
    /** Copies the list. */
    Classifier {
        labels = List.copyOf(labels);
    }

    @Override
    public Example encode(DataRecord record, EncodeContext context) {
        return Example.of(classification.sequence(record, context));
    }

    @Override
    public Tensor probabilities(Runner runner, Batch batch) {
        return runner.forward(batch.input()).logits().cast(DType.FLOAT32).softmax(1);
    }
}
