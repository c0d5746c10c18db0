package dev.graft.methods.ppt;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/** How well each label word answers the texts of a batch. */
final class Answers {
    private Answers() {}

    /**
     * Logits of the label words behind the last token of each row: {@code p(<X> = v(y) | [P; f(x)])} is their softmax
     * over the words.
     *
     * @param words number of label words
     * @return {@code [batch, words]}
     */
    static Tensor logits(Tensors tensors, Output output, Batch batch, int words) {
        int rows = batch.examples().size();
        long length = output.hidden().size(1);
        long[] last = output.pass().lastTokens().longs();
        for (int row = 0; row < rows; row++) {
            last[row] += row * length;
        }
        Tensor hidden = output.hidden()
                .reshape(rows * length, output.hidden().size(2))
                .select(0, tensors.of(last, Shape.of(rows)));
        Tensor logits = output.head().apply(hidden.reshape(rows, 1, hidden.size(1)));
        return logits.reshape(rows, logits.size(-1)).gather(1, tokens(tensors, batch, rows, words));
    }

    private static Tensor tokens(Tensors tensors, Batch batch, int rows, int words) {
        long[] tokens = new long[rows * words];
        for (int word = 0; word < words; word++) {
            double[] column = batch.values(Verbaliser.token(word));
            for (int row = 0; row < rows; row++) {
                tokens[row * words + word] = (long) column[row];
            }
        }
        return tensors.of(tokens, Shape.of(rows, words));
    }
}
