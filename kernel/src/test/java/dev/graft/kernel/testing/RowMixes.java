package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;

/**
 * Batches whose rows use different adapters of a causal model. Every row must give what it gives alone, up to rounding:
 * products of more rows are blocked, and so summed, in another order than those of one.
 *
 * @param model the model
 * @param byRow what each row uses
 * @param tokens the rows
 * @param tolerance largest difference of two logits
 */
public record RowMixes(
        Bench bench, LoadedModel model, List<List<AttachedAdapter>> byRow, Tokens tokens, Offset<Float> tolerance) {
    /** Rows of three to eight tokens, padded on the right. */
    public static Tokens randomRows(int rows, long seed) {
        RandomStream random = RandomStream.seeded(seed);
        long[][] ids = new long[rows][8];
        long[][] mask = new long[rows][8];
        for (int row = 0; row < rows; row++) {
            int length = 3 + random.nextInt(6);
            for (int slot = 0; slot < length; slot++) {
                ids[row][slot] = random.nextInt(SmallModel.VOCABULARY);
            }
            Arrays.fill(mask[row], 0, length, 1);
        }
        return new Tokens(ids, mask);
    }

    /** In one full pass. */
    public void rowsAreAsAlone() {
        Logits together = logits(tokens, RowAssignment.rows(byRow), PassOptions.inference());
        for (int row = 0; row < tokens.rows(); row++) {
            Logits alone = alone(row);
            int[] slots = tokens.slots(row);
            for (int i = 0; i < slots.length; i++) {
                assertThat(together.at(row, slots[i]))
                        .as("row %d, slot %d", row, slots[i])
                        .containsExactly(alone.at(0, i), tolerance);
            }
        }
    }

    /** In a prompt and steps of one token from the cache, padded on the left as generation pads. */
    public void rowsOfCachedStepsAreAsAlone() {
        Tokens padded = tokens.paddedLeft(0);
        List<Logits> alone = new ArrayList<>();
        for (int row = 0; row < tokens.rows(); row++) {
            alone.add(alone(row));
        }
        try (KeyValueCache cache = new KeyValueCache(bench.engine())) {
            for (int from = 0, to = padded.length() - 2; to <= padded.length(); from = to, to++) {
                Tokens part = padded.columns(from, to);
                Logits step = logits(part, RowAssignment.rows(byRow), PassOptions.cached(cache));
                for (int row = 0; row < padded.rows(); row++) {
                    int padding = padded.length() - padded.tokens(row);
                    for (int slot : part.slots(row)) {
                        assertThat(step.at(row, slot))
                                .as("row %d, slot %d", row, from + slot)
                                .containsExactly(alone.get(row).at(0, from + slot - padding), tolerance);
                    }
                }
            }
        }
    }

    private Logits alone(int row) {
        return logits(tokens.alone(row), RowAssignment.all(byRow.get(row)), PassOptions.inference());
    }

    private Logits logits(Tokens input, RowAssignment rows, PassOptions options) {
        try (Scope scope = bench.tensors().scope()) {
            var logits = model.forward(bench.input(input.ids(), input.mask()), rows, options)
                    .logits();
            int length = Math.toIntExact(logits.size(1));
            return new Logits(logits.floats(), length, length - input.length());
        }
    }

    /**
     * Logits with virtual tokens in front.
     *
     * @param values {@code [rows, length, vocabulary]}
     * @param length slots per row
     * @param virtual slots in front of the tokens
     */
    private record Logits(float[] values, int length, int virtual) {
        float[] at(int row, int slot) {
            int index = row * length + virtual + slot;
            return Arrays.copyOfRange(values, index * SmallModel.VOCABULARY, (index + 1) * SmallModel.VOCABULARY);
        }
    }
}
