package dev.graft.objectives.dpo;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the answers of a batch are: answer {@code 2 i} is the better one of pair i, answer {@code 2 i + 1} the worse.
 *
 * <p>The label of a token is the token itself where it belongs to an answer, and -100 in the prompt and in padding. The
 * token at t is predicted by the output before it, so a log-probability is that of labels shifted by one against logits, as
 * in TRL's trainer; the mask is that of the labels. Means divide by the number of labels, never by the length of a row.
 *
 * @param owners for every token of the batch, flattened, the answer it belongs to; the number of answers where to none
 * @param tokens how many tokens each answer has
 */
record Answers(long[] owners, double[] tokens) {
    /** Finds them. */
    static Answers of(Batch batch) {
        int answers = 2 * batch.examples().size();
        int rows = Math.toIntExact(batch.labels().size(0));
        int length = Math.toIntExact(batch.labels().size(1));
        long[] labels = batch.labels().longs();
        long[] segments = batch.input().segments() == null
                ? null
                : batch.input().segments().longs();
        long[] branches = batch.input().branches() == null
                ? null
                : batch.input().branches().longs();
        boolean together = batch.examples().get(0).sequences().size() == 1;
        long[] owners = new long[labels.length];
        double[] tokens = new double[answers];
        Arrays.fill(owners, answers);
        long before = 0;
        for (int row = 0; row < rows; row++) {
            long last = -1;
            for (int i = row * length; i < (row + 1) * length; i++) {
                if (labels[i] != Losses.IGNORED) {
                    last = segments == null ? 0 : segments[i];
                    long sequence = before + last;
                    int answer = Math.toIntExact(together ? 2 * sequence + branches[i] - 1 : sequence);
                    owners[i] = answer;
                    tokens[answer]++;
                }
            }
            before += last + 1;
        }
        return new Answers(owners, tokens);
    }

    /**
     * Sums of log-probabilities over each answer.
     *
     * @return {@code [pairs, 2]} in double precision: the better answers, then the worse
     */
    Tensor sums(Tensors tensors, Output output, Batch batch) {
        Tensor losses = output.tokenLosses(batch.labels(), true).reshape(-1);
        Tensor sums = tensors.zeros(Shape.of(tokens.length + 1L), losses.dtype())
                .selectAdd(0, tensors.of(owners, Shape.of(owners.length)), losses);
        return sums.slice(0, 0, tokens.length).neg().cast(DType.FLOAT64).reshape(-1, 2);
    }

    /** How many tokens the answers of one kind have, {@code [pairs]}: 0 = the better ones, 1 = the worse. */
    Tensor tokens(Tensors tensors, int kind) {
        double[] own = new double[tokens.length / 2];
        for (int i = 0; i < own.length; i++) {
            own[i] = tokens[2 * i + kind];
        }
        return tensors.of(own, Shape.of(own.length));
    }

    /**
     * A pair as an example.
     *
     * @param chosen ids and labels of the better answer with its prompt; the first label is ignored
     * @param rejected the same of the worse
     * @param share whether both answers follow their common beginning in one sequence
     */
    static Example example(Sequence chosen, Sequence rejected, boolean share) {
        if (!share) {
            return new Example(List.of(chosen, rejected), Map.of());
        }
        int trunk = 0;
        int most = Math.min(chosen.length(), rejected.length());
        while (trunk < most
                && chosen.ids()[trunk] == rejected.ids()[trunk]
                && chosen.labels()[trunk] == Losses.IGNORED
                && rejected.labels()[trunk] == Losses.IGNORED) {
            trunk++;
        }
        int better = chosen.length();
        int length = better + rejected.length() - trunk;
        int[] ids = Arrays.copyOf(chosen.ids(), length);
        int[] labels = Arrays.copyOf(chosen.labels(), length);
        System.arraycopy(rejected.ids(), trunk, ids, better, length - better);
        System.arraycopy(rejected.labels(), trunk, labels, better, length - better);
        int[] branches = new int[length];
        Arrays.fill(branches, trunk, better, 1);
        Arrays.fill(branches, better, length, 2);
        return Example.of(new Sequence(ids, labels, null, branches, null));
    }
}
