package dev.graft.engines.torch;

import dev.graft.spi.engine.DType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Cross-entropy over a frozen output layer, a chunk of rows at a time. The gradient with respect to the rows is worked
 * out while a chunk's logits are there, so that they are never computed twice nor held all at once. Rows whose label is
 * ignored are left out.
 *
 * @param x {@code [n, width]}
 * @param dtype type of {@code x}
 * @param losses {@code [n]}
 * @param gradient of each row's loss with respect to that row, {@code [n, width]}; or null
 */
record VocabularyLoss(Tensor x, DType dtype, Tensor losses, Tensor gradient) {
    /** Logits of a chunk take about this many bytes in single precision: they stay in the outer cache. */
    private static final long CHUNK_BYTES = 32L << 20;

    /** Room for the results. */
    static VocabularyLoss start(Tensor x, DType dtype, boolean training) {
        long[] rows = {x.size(0)};
        return new VocabularyLoss(
                x,
                dtype,
                torch.zeros(rows, DTypes.options(DTypes.atLeastSingle(dtype))),
                training ? torch.zeros_like(x) : null);
    }

    /** Fills in losses and gradient. */
    void run(Ledger ledger, PackedMatrix matrix, Tensor bias, TorchLosses.Labels labels) {
        Tensor kept = torch.nonzero(torch.logical_not(labels.ignored())).squeeze(1);
        long count = kept.numel();
        boolean all = count == x.size(0);
        long chunk = Math.max(1, CHUNK_BYTES / (4 * Math.max(1, matrix.outputs())));
        for (long from = 0; from < count; from += chunk) {
            long length = Math.min(chunk, count - from);
            long start = from;
            ledger.act("cross-entropy", () -> {
                Tensor positions = kept.narrow(0, start, length);
                Tensor input = all ? x.narrow(0, start, length) : torch.index_select(x, 0, positions);
                step(matrix, bias, input, positions, labels.at(positions).column());
            });
        }
    }

    private void step(PackedMatrix matrix, Tensor bias, Tensor input, Tensor positions, Tensor column) {
        Tensor logProbabilities = logProbabilities(matrix, bias, input);
        Tensor found = torch.gather(logProbabilities, 1, column);
        losses.index_copy_(0, positions, torch.neg(found).squeeze(1));
        if (gradient != null) {
            Tensor forLogits = logProbabilities.exp_();
            forLogits.scatter_add_(1, column, torch.full_like(found, new Scalar(-1.0)));
            Tensor forInput = matrix.multiplyTransposed(forLogits.to(DTypes.torch(matrix.dtype())));
            gradient.index_copy_(0, positions, forInput.to(DTypes.torch(dtype)));
        }
    }

    private Tensor logProbabilities(PackedMatrix matrix, Tensor bias, Tensor input) {
        Tensor operand = input.to(DTypes.torch(matrix.dtype()));
        Tensor offset = bias == null ? null : bias.to(DTypes.torch(matrix.dtype()));
        Tensor logits = matrix.multiply(operand, offset);
        return torch.log_softmax(logits, 1, DTypes.optional(DTypes.atLeastSingle(dtype)));
    }
}
