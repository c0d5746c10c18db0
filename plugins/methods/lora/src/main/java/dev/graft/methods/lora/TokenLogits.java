package dev.graft.methods.lora;

import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Scores tokens with their trained rows, {@code y[j] + x (w'[j] - w[j])}, where a head projects to the vocabulary.
 *
 * @param rows the rows
 */
record TokenLogits(TokenRows rows) implements LinearPatch {
    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y) {
        Tensor change = x.linear(rows.trained().tensor().sub(rows.begun()), null);
        Tensor own = y.select(-1, rows.index()).add(change).cast(y.dtype());
        return context.tensors().concat(List.of(y, own), -1).select(-1, rows.sources());
    }
}
