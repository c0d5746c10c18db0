package dev.graft.spi.model;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * What comes out of a forward pass. The head runs when asked, on what is asked for.
 *
 * @param pass the pass that made it
 * @param hidden hidden states after the last normalisation, {@code [batch, length', width]}
 * @param beforeVocabulary what the head does before its projection to the vocabulary; the identity in most decoders
 * @param vocabulary the projection to the vocabulary, or null for other heads
 * @param head the whole head: {@code [batch, n, width]} to {@code [batch, n, classes]}; for heads that read one token
 *     per sequence, {@code [batch, length', width]} to {@code [batch, classes]}
 */
public record Output(
        Pass pass,
        Tensor hidden,
        UnaryOperator<Tensor> beforeVocabulary,
        LinearSite vocabulary,
        UnaryOperator<Tensor> head) {
    /** The output of a model with a vocabulary head. */
    public static Output vocabulary(
            Pass pass, Tensor hidden, UnaryOperator<Tensor> beforeVocabulary, LinearSite vocabulary) {
        return new Output(
                pass, hidden, beforeVocabulary, vocabulary, x -> pass.linear(vocabulary, beforeVocabulary.apply(x)));
    }

    /** The output of a model with another head. */
    public static Output headed(Pass pass, Tensor hidden, UnaryOperator<Tensor> head) {
        return new Output(pass, hidden, UnaryOperator.identity(), null, head);
    }

    /** The head on everything: {@code [batch, length', vocabulary]} or {@code [batch, classes]}. */
    public Tensor logits() {
        return head.apply(hidden);
    }

    /**
     * Cross-entropy per token of a vocabulary head.
     *
     * @param labels {@code [batch, length]}, -100 = ignored
     * @param shift whether each token predicts the next one's label
     * @return {@code [batch, length]}, 0 where ignored
     * @throws IllegalStateException if the head is not over a vocabulary
     */
    public Tensor tokenLosses(Tensor labels, boolean shift) {
        if (vocabulary == null) {
            throw new IllegalStateException("token losses need a head over the vocabulary; this model has another one");
        }
        return pass.vocabularyLoss(vocabulary, beforeVocabulary.apply(hidden), labels, shift);
    }

    /**
     * How many labels count in {@link #tokenLosses}: those not ignored, without the first of each row when labels are
     * shifted and no virtual token stands before it.
     *
     * @param labels {@code [batch, length]}, -100 = ignored
     * @param shift whether each token predicts the next one's label
     */
    public long labelled(Tensor labels, boolean shift) {
        boolean predicted = !shift || hidden.size(1) > labels.size(1);
        Tensor counted = predicted ? labels : labels.slice(1, 1, labels.size(1));
        return Arrays.stream(counted.longs())
                .filter(label -> label != Losses.IGNORED)
                .count();
    }
}
