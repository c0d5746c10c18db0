package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch of random rows of unequal length, each with adapters of its own. Every row must give what it gives alone and
 * without padding, but for rounding: products of more rows are blocked, and so summed, in another order than those of
 * one.
 *
 * @param adapters by row
 * @param tokens the rows, padded on the right
 * @param tolerance how much a logit may differ, absolute
 */
public record MixedRows(List<List<AttachedAdapter>> adapters, Tokens tokens, double tolerance) {
    /** How much a logit may differ in single precision, absolute. */
    public static final double TOLERANCE = 3e-5;

    private static final int LONGEST = 8;
    private static final int STEPS = 2;

    /** Rows in single precision. */
    public MixedRows(List<List<AttachedAdapter>> adapters, Tokens tokens) {
        this(adapters, tokens, TOLERANCE);
    }

    /** Rows of random tokens. */
    public static MixedRows random(List<List<AttachedAdapter>> adapters, long seed) {
        return new MixedRows(adapters, randomTokens(adapters.size(), seed));
    }

    /** Rows of three to eight random tokens, padded on the right. */
    public static Tokens randomTokens(int rows, long seed) {
        RandomStream random = RandomStream.seeded(seed);
        long[][] ids = new long[rows][LONGEST];
        long[][] mask = new long[rows][LONGEST];
        for (int row = 0; row < rows; row++) {
            int length = STEPS + 1 + random.nextInt(LONGEST - STEPS);
            for (int slot = 0; slot < length; slot++) {
                ids[row][slot] = random.nextInt(SmallModel.VOCABULARY);
            }
            Arrays.fill(mask[row], 0, length, 1);
        }
        return new Tokens(ids, mask);
    }

    /** Every row gives what it gives alone, in one pass and token by token out of a cache. */
    public void giveWhatTheyGiveAlone(Bench bench, LoadedModel model) {
        giveInOnePassWhatTheyGiveAlone(bench, model);
        giveTokenByTokenWhatTheyGiveAlone(bench, model);
    }

    /** In one pass over everything, every row gives what it gives alone. */
    public void giveInOnePassWhatTheyGiveAlone(Bench bench, LoadedModel model) {
        try (Scope scope = bench.tensors().scope()) {
            Tensor together = logits(bench, model, tokens, RowAssignment.rows(adapters), PassOptions.inference());
            boolean perToken = model.description().task() != Task.SEQ_CLS;
            for (int row = 0; row < tokens.rows(); row++) {
                Tensor own = together.slice(0, row, row + 1L);
                assertSame(
                        "row " + row, perToken ? slots(bench, own, tokens.slots(row)) : own, alone(bench, model, row));
            }
        }
    }

    /** Token by token out of a cache, every row gives what it gives alone in one pass. */
    public void giveTokenByTokenWhatTheyGiveAlone(Bench bench, LoadedModel model) {
        try (Scope scope = bench.tensors().scope()) {
            List<List<Tensor>> steps = steps(bench, model, tokens.paddedLeft(0), RowAssignment.rows(adapters));
            for (int row = 0; row < tokens.rows(); row++) {
                assertSame("row " + row, bench.tensors().concat(steps.get(row), 1), alone(bench, model, row));
            }
        }
    }

    /** Token by token out of a cache, every row gives what it gives alone token by token. */
    public void giveTokenByTokenWhatTheyGiveAloneTokenByToken(Bench bench, LoadedModel model) {
        try (Scope scope = bench.tensors().scope()) {
            List<List<Tensor>> steps = steps(bench, model, tokens.paddedLeft(0), RowAssignment.rows(adapters));
            for (int row = 0; row < tokens.rows(); row++) {
                List<Tensor> alone = steps(bench, model, tokens.alone(row), RowAssignment.all(adapters.get(row)))
                        .get(0);
                for (int step = 0; step < alone.size(); step++) {
                    assertSame("row " + row + ", step " + step, steps.get(row).get(step), alone.get(step));
                }
            }
        }
    }

    /** Logits of the tokens of every row in a prompt and {@value #STEPS} steps of one token; every prompt holds some. */
    private static List<List<Tensor>> steps(Bench bench, LoadedModel model, Tokens batch, RowAssignment assignment) {
        List<List<Tensor>> byRow = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            byRow.add(new ArrayList<>());
        }
        try (KeyValueCache cache = new KeyValueCache(bench.engine())) {
            for (int from = 0, to = batch.length() - STEPS; to <= batch.length(); from = to, to++) {
                Tokens part = batch.columns(from, to);
                Tensor step = logits(bench, model, part, assignment, PassOptions.cached(cache));
                for (int row = 0; row < batch.rows(); row++) {
                    byRow.get(row).add(slots(bench, step.slice(0, row, row + 1L), part.slots(row)));
                }
            }
        }
        return byRow;
    }

    private void assertSame(String where, Tensor found, Tensor alone) {
        assertThat(found.shape()).as(where).isEqualTo(alone.shape());
        double difference = found.sub(alone)
                .apply(Unary.ABS)
                .reshape(-1)
                .reduce(Reduction.MAX, false, 0)
                .floats()[0];
        assertThat(difference).as(where).isLessThanOrEqualTo(tolerance);
    }

    private static Tensor slots(Bench bench, Tensor row, int[] slots) {
        long[] index = Arrays.stream(slots).asLongStream().toArray();
        return row.select(1, bench.tensors().of(index, Shape.of(index.length)));
    }

    private Tensor alone(Bench bench, LoadedModel model, int row) {
        RowAssignment own = RowAssignment.all(adapters.get(row));
        return logits(bench, model, tokens.alone(row), own, PassOptions.inference());
    }

    /** Logits of every token, or of every row of a classifier; those of virtual tokens in front are left out. */
    private static Tensor logits(
            Bench bench, LoadedModel model, Tokens tokens, RowAssignment rows, PassOptions options) {
        Tensor logits = model.forward(bench.input(tokens.ids(), tokens.mask()), rows, options)
                .logits();
        return logits.shape().rank() == 3 ? logits.slice(1, logits.size(1) - tokens.length(), logits.size(1)) : logits;
    }
}
