package dev.graft.methods.ppt;

import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Gives texts their classes, by the softmax over the logits of the label words.
 *
 * @param labels the classes
 * @param question makes the question that the words answer
 */
record AnswerLabeller(List<String> labels, BiFunction<DataRecord, EncodeContext, Example> question)
        implements Labeller {
    @Override
    public Example encode(DataRecord record, EncodeContext context) {
        return question.apply(record, context);
    }

    @Override
    public Tensor probabilities(Runner runner, Batch batch) {
        return Answers.logits(runner.tensors(), runner.forward(batch.input()), batch, labels.size())
                .cast(DType.FLOAT32)
                .softmax(1);
    }
}
