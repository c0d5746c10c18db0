package dev.graft.methods.ppt;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;

/**
 * Gives examples their labels: those they have, or, where they have none, what the bare base answers when it is
 * confident.
 *
 * @param words number of label words
 * @param confidence least probability among the label words at which an answer of the base counts
 */
record Labelling(int words, double confidence) {
    /** The labels of a batch, -100 where the base is not confident. */
    long[] of(Runner runner, Batch batch) {
        long[] labels = Arrays.stream(batch.values(Verbaliser.LABEL))
                .mapToLong(label -> (long) label)
                .toArray();
        if (Arrays.stream(labels).allMatch(label -> label >= 0)) {
            return labels;
        }
        float[] probabilities = runner.tensors().withoutGradient(() -> {
            Tensor logits = Answers.logits(runner.tensors(), runner.reference(batch.input()), batch, words);
            return logits.softmax(1).floats();
        });
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0) {
                labels[row] = confident(probabilities, row);
            }
        }
        return labels;
    }

    private long confident(float[] probabilities, int row) {
        int best = 0;
        for (int word = 1; word < words; word++) {
            best = probabilities[row * words + word] > probabilities[row * words + best] ? word : best;
        }
        return probabilities[row * words + best] >= confidence ? best : Losses.IGNORED;
    }
}
