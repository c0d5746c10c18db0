package dev.graft.methods.lora;

import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;

/**
 * Trainable rows of a table {@code [rows, width]}, one for each of n tokens.
 *
 * @param tensors makes tensors
 * @param ids the tokens
 * @param trained their rows, {@code [n, width]}
 * @param begun their rows in the base, {@code [n, width]}
 * @param index the tokens as a tensor, {@code [n]}
 * @param sources for every row of the table where it comes from when the trained rows follow the table, {@code [rows]}
 */
record TokenRows(Tensors tensors, List<Long> ids, Parameter trained, Tensor begun, Tensor index, Tensor sources) {
    static long[] sources(List<Long> ids, long rows) {
        long[] sources = new long[Math.toIntExact(rows)];
        for (int row = 0; row < sources.length; row++) {
            int slot = ids.indexOf((long) row);
            sources[row] = slot < 0 ? row : rows + slot;
        }
        return sources;
    }

    /** A table with the trained rows in place of its own, {@code [rows, width]}. */
    Tensor replaceIn(Tensor base) {
        Tensor rows = trained.tensor().detach().cast(base.dtype());
        return tensors.concat(List.of(base, rows), 0).select(0, sources);
    }
}
