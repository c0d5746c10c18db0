package dev.graft.methods.hardprompt;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * How well each label answers: the mean, or the largest, of the log-probabilities of its words at the mask. The
 * log-probability of a word of several tokens is the sum of theirs, each after those before it.
 *
 * @param verbaliser the words
 * @param largest whether the likeliest word stands for its label, rather than the mean of all
 */
record LabelScores(Verbaliser verbaliser, boolean largest) {
    /**
     * The scores of a batch.
     *
     * @return {@code [examples, labels]}
     */
    Tensor of(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        Tensor words = ofWords(tensors, runner.forward(batch.input()), batch);
        Reduction reduction = largest ? Reduction.MAX : Reduction.MEAN;
        List<Tensor> scores = new ArrayList<>();
        for (int label = 0; label < verbaliser.labels().size(); label++) {
            scores.add(words.slice(1, verbaliser.firstOf(label), verbaliser.firstOf(label + 1))
                    .reduce(reduction, true, 1));
        }
        return tensors.concat(scores, 1);
    }

    /** The log-probabilities of words, {@code [examples, words]}. */
    private Tensor ofWords(Tensors tensors, Output output, Batch batch) {
        List<int[]> words = new ArrayList<>();
        for (int word = 0; word < verbaliser.words().size(); word++) {
            words.add(Questions.tokens(batch.examples().get(0), word));
        }
        int most = words.stream().mapToInt(tokens -> tokens.length).max().orElseThrow();
        Tensor known = logProbabilities(tensors, output, batch, most);
        int all = words.stream().mapToInt(tokens -> tokens.length).sum();
        Tensor tokens = known.select(0, picks(tensors, batch, words, most, known.size(0)))
                .reshape(batch.examples().size(), all);
        if (most == 1) {
            return tokens;
        }
        List<Tensor> sums = new ArrayList<>();
        int from = 0;
        for (int[] word : words) {
            sums.add(tokens.slice(1, from, from + word.length).reduce(Reduction.SUM, true, 1));
            from += word.length;
        }
        return tensors.concat(sums, 1);
    }

    /** Log-probabilities from the mask on, {@code [rows * most * vocabulary]}. */
    private static Tensor logProbabilities(Tensors tensors, Output output, Batch batch, int most) {
        long length = output.hidden().size(1);
        long front = length - batch.input().ids().size(1);
        int rows = Math.toIntExact(output.hidden().size(0));
        long width = output.hidden().size(2);
        long[] places = new long[rows * most];
        int row = 0;
        for (Example example : batch.examples()) {
            for (int i = 0; i < example.sequences().size(); i++, row++) {
                for (int step = 0; step < most; step++) {
                    long place = Math.min(length - 1, front + Questions.place(example) + step);
                    places[row * most + step] = row * length + place;
                }
            }
        }
        Tensor hidden = output.hidden()
                .reshape(rows * length, width)
                .select(0, tensors.of(places, Shape.of(places.length)))
                .reshape(rows, most, width);
        Tensor logits = output.head().apply(hidden);
        Tensor wide = logits.dtype() == DType.FLOAT64 ? logits : logits.cast(DType.FLOAT32);
        return wide.logSoftmax(-1).reshape(-1);
    }

    /** Where the tokens of all words of all examples are in the log-probabilities. */
    private static Tensor picks(Tensors tensors, Batch batch, List<int[]> words, int most, long probabilities) {
        int rows = batch.examples().stream()
                .mapToInt(example -> example.sequences().size())
                .sum();
        long vocabulary = probabilities / ((long) rows * most);
        List<Long> picks = new ArrayList<>();
        long firstRow = 0;
        for (Example example : batch.examples()) {
            long next = firstRow;
            for (int[] word : words) {
                long row = word.length > 1 ? next++ : firstRow;
                for (int step = 0; step < word.length; step++) {
                    picks.add((row * most + step) * vocabulary + word[step]);
                }
            }
            firstRow += example.sequences().size();
        }
        long[] flat = picks.stream().mapToLong(pick -> pick).toArray();
        return tensors.of(flat, Shape.of(flat.length));
    }
}
