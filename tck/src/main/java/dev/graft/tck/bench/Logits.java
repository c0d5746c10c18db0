package dev.graft.tck.bench;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.KeyValueCache;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model computes for a batch, row by row.
 *
 * @param rows for each row the logits of its tokens one after the other, or those of the row where the head reads a row
 */
public record Logits(List<float[]> rows) {
    /** Logits with the same adapters for every row. */
    public static Logits of(LoadedModel model, Tokens tokens, AttachedAdapter... adapters) {
        return of(model, tokens, RowAssignment.all(List.of(adapters)));
    }

    /** Logits with adapters by row. */
    public static Logits of(LoadedModel model, Tokens tokens, RowAssignment assignment) {
        try (Scope scope = model.tensors().scope()) {
            return of(tokens, run(model, tokens, assignment, PassOptions.inference()));
        }
    }

    /** Logits token by token out of a cache: all but the last columns at first, then one column after the other. */
    public static Logits cached(LoadedModel model, Tokens tokens, int single, RowAssignment assignment) {
        List<List<float[]>> parts = new ArrayList<>();
        try (KeyValueCache cache = new KeyValueCache(model.tensors().engine())) {
            for (int from = 0, to = tokens.length() - single; to <= tokens.length(); from = to, to++) {
                Tokens part = tokens.columns(from, to);
                try (Scope scope = model.tensors().scope()) {
                    parts.add(of(part, run(model, part, assignment, PassOptions.cached(cache)))
                            .rows());
                }
            }
        }
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < tokens.rows(); row++) {
            int own = row;
            rows.add(joined(parts.stream().map(part -> part.get(own)).toList()));
        }
        return new Logits(rows);
    }

    /** The logits of all rows, one after the other. */
    public float[] all() {
        return joined(rows);
    }

    /** The logits of one row. */
    public float[] row(int row) {
        return rows.get(row);
    }

    private static Tensor run(LoadedModel model, Tokens tokens, RowAssignment assignment, PassOptions options) {
        Tensor logits = model.forward(tokens.input(model.tensors()), assignment, options)
                .logits();
        // virtual tokens in front have logits too
        return logits.shape().rank() == 3 ? logits.slice(1, logits.size(1) - tokens.length(), logits.size(1)) : logits;
    }

    private static Logits of(Tokens tokens, Tensor logits) {
        float[] flat = logits.floats();
        List<float[]> rows = new ArrayList<>();
        int perRow = flat.length / tokens.rows();
        boolean perToken = logits.shape().rank() == 3;
        for (int row = 0; row < tokens.rows(); row++) {
            float[] own = Arrays.copyOfRange(flat, row * perRow, (row + 1) * perRow);
            rows.add(perToken ? picked(own, tokens.slots(row), perRow / tokens.length()) : own);
        }
        return new Logits(rows);
    }

    private static float[] picked(float[] row, int[] slots, int classes) {
        float[] picked = new float[slots.length * classes];
        for (int i = 0; i < slots.length; i++) {
            System.arraycopy(row, slots[i] * classes, picked, i * classes, classes);
        }
        return picked;
    }

    private static float[] joined(List<float[]> parts) {
        float[] joined = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
