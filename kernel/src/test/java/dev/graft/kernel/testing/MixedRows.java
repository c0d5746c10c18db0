package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;

/**
 * A batch of random rows of unequal length, each with adapters of its own. Every row must give what it gives alone and
 * without padding, within {@value #TOLERANCE}: products of more rows are blocked, and so summed, in another order than
 * those of one.
 *
 * @param adapters by row
 * @param tokens the rows, padded on the right
 */
public record MixedRows(List<List<AttachedAdapter>> adapters, Tokens tokens) {
    /** How much a logit may differ, absolute. */
    public static final float TOLERANCE = 3e-5f;

    private static final Offset<Float> ROUNDING = within(TOLERANCE);
    private static final int LONGEST = 8;
    private static final int STEPS = 2;

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
        float[][] together = logits(bench, model, tokens, RowAssignment.rows(adapters), PassOptions.inference());
        boolean perToken = model.description().task() != Task.SEQ_CLS;
        for (int row = 0; row < tokens.rows(); row++) {
            float[][] alone = alone(bench, model, row);
            if (!perToken) {
                assertThat(together[row]).as("row %d", row).containsExactly(alone[0], ROUNDING);
                continue;
            }
            int[] slots = tokens.slots(row);
            for (int i = 0; i < slots.length; i++) {
                assertThat(together[row * tokens.length() + slots[i]])
                        .as("row %d, slot %d", row, slots[i])
                        .containsExactly(alone[i], ROUNDING);
            }
        }
    }

    /** Token by token out of a cache, every row gives what it gives alone in one pass. */
    public void giveTokenByTokenWhatTheyGiveAlone(Bench bench, LoadedModel model) {
        List<float[][]> alone = new ArrayList<>();
        for (int row = 0; row < tokens.rows(); row++) {
            alone.add(alone(bench, model, row));
        }
        Tokens batch = tokens.paddedLeft(0);
        RowAssignment rows = RowAssignment.rows(adapters);
        try (KeyValueCache cache = new KeyValueCache(bench.engine())) {
            for (int from = 0, to = batch.length() - STEPS; to <= batch.length(); from = to, to++) {
                Tokens part = batch.columns(from, to);
                float[][] step = logits(bench, model, part, rows, PassOptions.cached(cache));
                for (int row = 0; row < batch.rows(); row++) {
                    int padding = batch.length() - batch.tokens(row);
                    for (int slot : part.slots(row)) {
                        assertThat(step[row * part.length() + slot])
                                .as("row %d, slot %d", row, from + slot)
                                .containsExactly(alone.get(row)[from + slot - padding], ROUNDING);
                    }
                }
            }
        }
    }

    private float[][] alone(Bench bench, LoadedModel model, int row) {
        RowAssignment own = RowAssignment.all(adapters.get(row));
        return logits(bench, model, tokens.alone(row), own, PassOptions.inference());
    }

    /** Logits of every token, or of every row of a classifier; those of virtual tokens in front are left out. */
    private static float[][] logits(
            Bench bench, LoadedModel model, Tokens tokens, RowAssignment rows, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            Tensor logits = model.forward(bench.input(tokens.ids(), tokens.mask()), rows, options)
                    .logits();
            if (logits.shape().rank() == 3) {
                logits = logits.slice(1, logits.size(1) - tokens.length(), logits.size(1));
            }
            float[] flat = logits.floats();
            int width = Math.toIntExact(logits.size(-1));
            float[][] vectors = new float[flat.length / width][];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return vectors;
        }
    }
}
