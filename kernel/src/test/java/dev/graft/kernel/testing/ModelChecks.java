package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.Arrays;

/** What every model must stand, on reference cases of any shape. */
public final class ModelChecks {
    private static final double PARITY = 2e-4;
    private static final double SAME = 5e-5;

    private ModelChecks() {}

    /** Logits at every token are those of the reference. */
    public static void logitsAreThoseOfTheReference(Bench bench, ReferenceCase reference) {
        Tokens tokens = Tokens.of(reference);
        float[] expected = reference.floats("logits");
        try (LoadedModel model = bench.load(reference.directory())) {
            float[] found = Runs.logits(bench, model, tokens);
            assertThat(found).hasSameSizeAs(expected);
            boolean perToken = reference.shape("logits").rank() == 3;
            for (int row = 0; row < tokens.rows(); row++) {
                if (perToken) {
                    for (int slot : tokens.slots(row)) {
                        assertClose(tokens, expected, row, slot, found, tokens, row, slot, PARITY);
                    }
                } else {
                    assertThat(rowOf(found, tokens, row))
                            .containsExactly(rowOf(expected, tokens, row), within((float) PARITY));
                }
            }
        }
    }

    /** A row gives the same logits alone, without its padding, as in the batch. */
    public static void rowsDoNotDependOnTheirBatch(Bench bench, ReferenceCase reference) {
        Tokens tokens = Tokens.of(reference);
        try (LoadedModel model = bench.load(reference.directory())) {
            float[] together = Runs.logits(bench, model, tokens);
            for (int row = 0; row < tokens.rows(); row++) {
                Tokens alone = tokens.alone(row);
                assertSameRow(reference, tokens, together, row, alone, Runs.logits(bench, model, alone), 0);
            }
        }
    }

    /** Padding in front changes nothing. */
    public static void paddingInFrontChangesNothing(Bench bench, ReferenceCase reference) {
        Tokens tokens = Tokens.of(reference);
        Tokens left = tokens.paddedLeft(2);
        try (LoadedModel model = bench.load(reference.directory())) {
            float[] right = Runs.logits(bench, model, tokens);
            float[] shifted = Runs.logits(bench, model, left);
            for (int row = 0; row < tokens.rows(); row++) {
                assertSameRow(reference, tokens, right, row, left, shifted, row);
            }
        }
    }

    /** Decoding with the cache, token by token, gives the logits of a pass over everything. */
    public static void cachedDecodingGivesTheLogitsOfOnePass(Bench bench, ReferenceCase reference) {
        Tokens tokens = Tokens.of(reference).paddedLeft(0);
        int prompt = tokens.length() / 2;
        try (LoadedModel model = bench.load(reference.directory());
                KeyValueCache cache = new KeyValueCache(bench.engine())) {
            float[] whole = Runs.logits(bench, model, tokens);
            int classes = whole.length / tokens.rows() / tokens.length();
            for (int from = 0, to = prompt; to <= tokens.length(); from = to, to++) {
                Tokens part = tokens.columns(from, to);
                float[] step = Runs.logits(bench, model, part, PassOptions.cached(cache));
                for (int row = 0; row < tokens.rows(); row++) {
                    for (int slot : part.slots(row)) {
                        int at = (row * part.length() + slot) * classes;
                        int whence = (row * tokens.length() + from + slot) * classes;
                        assertThat(Arrays.copyOfRange(step, at, at + classes))
                                .as("row %d, slot %d", row, from + slot)
                                .containsExactly(
                                        Arrays.copyOfRange(whole, whence, whence + classes), within((float) SAME));
                    }
                }
            }
        }
    }

    /** The likeliest tokens, one after the other, are those of the reference. */
    public static void greedyTextIsThatOfTheReference(Bench bench, ReferenceCase reference) {
        long[] prompt = reference.longs("greedy_prompt");
        long[] expected = reference.longs("greedy_output");
        long[] text = Arrays.copyOf(prompt, expected.length);
        try (LoadedModel model = bench.load(reference.directory());
                KeyValueCache cache = new KeyValueCache(bench.engine())) {
            for (int from = 0, to = prompt.length; to < text.length; from = to, to++) {
                Tokens part = Tokens.of(Arrays.copyOfRange(text, from, to));
                try (Scope scope = bench.tensors().scope()) {
                    Output output = model.forward(
                            bench.input(part.ids(), part.mask()), RowAssignment.base(), PassOptions.cached(cache));
                    Tensor last = output.hidden().slice(1, to - from - 1, to - from);
                    text[to] = output.head().apply(last).argMax(-1).longs()[0];
                }
            }
        }
        assertThat(text).isEqualTo(expected);
    }

    private static void assertSameRow(
            ReferenceCase reference, Tokens one, float[] first, int row, Tokens other, float[] second, int otherRow) {
        if (reference.shape("logits").rank() != 3) {
            assertThat(rowOf(second, other, otherRow)).containsExactly(rowOf(first, one, row), within((float) SAME));
            return;
        }
        int[] slots = one.slots(row);
        int[] otherSlots = other.slots(otherRow);
        for (int token = 0; token < slots.length; token++) {
            assertClose(one, first, row, slots[token], second, other, otherRow, otherSlots[token], SAME);
        }
    }

    private static void assertClose(
            Tokens one,
            float[] expected,
            int row,
            int slot,
            float[] found,
            Tokens other,
            int otherRow,
            int otherSlot,
            double tolerance) {
        int classes = expected.length / one.rows() / one.length();
        int at = (row * one.length() + slot) * classes;
        int otherAt = (otherRow * other.length() + otherSlot) * classes;
        assertThat(Arrays.copyOfRange(found, otherAt, otherAt + classes))
                .as("row %d, slot %d", row, slot)
                .containsExactly(Arrays.copyOfRange(expected, at, at + classes), within((float) tolerance));
    }

    private static float[] rowOf(float[] flat, Tokens tokens, int row) {
        int classes = flat.length / tokens.rows();
        return Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
    }
}
