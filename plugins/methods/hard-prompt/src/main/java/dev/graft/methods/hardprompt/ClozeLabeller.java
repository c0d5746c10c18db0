package dev.graft.methods.hardprompt;

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
 * Gives records their labels, by the softmax over the scores of their words.
 *
 * @param scores how well each label answers
 * @param prompt makes the prompt of a record
 * @param labels the labels of the scores
 */
record ClozeLabeller(LabelScores scores, BiFunction<DataRecord, EncodeContext, Example> prompt, List<String> labels)
        implements Labeller {
    @Override
    public Example encode(DataRecord record, EncodeContext context) {
        return prompt.apply(record, context);
    }

    @Override
    public Tensor probabilities(Runner runner, Batch batch) {
        return scores.of(runner, batch).softmax(1);
    }
}
