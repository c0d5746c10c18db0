package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** {@link Losses} on libtorch. */
interface TorchLosses extends Losses {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default CrossEntropy crossEntropy(Array logits, Array labels) {
        Checks.rank("cross-entropy", logits, 2);
        checkLabels(labels, logits.shape().size(0));
        return ledger().run("cross-entropy", () -> {
            Labels rows = Labels.of(TorchArray.tensor(labels), logits.shape().size(1));
            Tensor wide = TorchArray.tensor(logits).to(DTypes.torch(DTypes.atLeastSingle(logits.dtype())));
            Tensor normaliser = torch.logsumexp(wide, new long[] {1}, true);
            Tensor losses = normaliser.sub(torch.gather(wide, 1, rows.column())).squeeze(1);
            return new CrossEntropy(
                    ledger().keep(losses.masked_fill(rows.ignored(), new Scalar(0.0))), ledger().keep(normaliser));
        });
    }

    @Override
    default Array crossEntropyBackward(Array gradient, Array logits, Array labels, CrossEntropy forward) {
        return ledger().array("cross-entropy backward", () -> {
            Labels rows = Labels.of(TorchArray.tensor(labels), logits.shape().size(1));
            Tensor factor = TorchArray.tensor(gradient)
                    .masked_fill(rows.ignored(), new Scalar(0.0))
                    .unsqueeze(1);
            Tensor wide = TorchArray.tensor(logits).to(DTypes.torch(DTypes.atLeastSingle(logits.dtype())));
            Tensor result = wide.sub(TorchArray.tensor(forward.saved())).exp_().mul_(factor);
            result.scatter_add_(1, rows.column(), torch.neg(factor));
            return result.to(DTypes.torch(logits.dtype()));
        });
    }

    @Override
    default CrossEntropy linearCrossEntropy(Array x, FrozenMatrix weight, Array bias, Array labels, boolean training) {
        Checks.rank("cross-entropy", x, 2);
        checkLabels(labels, x.shape().size(0));
        PackedMatrix matrix = TorchMatrices.packed(weight);
        Checks.agree("cross-entropy", "the width of the input", x.shape().size(1), matrix.inputs());
        return ledger().run("cross-entropy", () -> {
            Tensor ids = TorchArray.tensor(labels);
            Labels rows = Labels.of(ids, matrix.outputs());
            VocabularyLoss loss = VocabularyLoss.start(TorchArray.tensor(x), x.dtype(), training);
            loss.run(ledger(), matrix, bias == null ? null : TorchArray.tensor(bias), rows);
            Array saved = training ? ledger().keep(loss.gradient()) : null;
            return new CrossEntropy(ledger().keep(loss.losses()), saved);
        });
    }

    @Override
    default Array linearCrossEntropyBackward(Array gradient, CrossEntropy forward) {
        return ledger().array("cross-entropy backward", () -> {
            Tensor saved = TorchArray.tensor(forward.saved());
            Tensor factor = TorchArray.tensor(gradient).unsqueeze(1).to(saved.scalar_type());
            return torch.mul(saved, factor);
        });
    }

    private static void checkLabels(Array labels, long rows) {
        Checks.rank("cross-entropy", labels, 1);
        Checks.index("cross-entropy", labels);
        Checks.agree("cross-entropy", "the number of labels", labels.shape().size(0), rows);
    }

    /**
     * Labels made safe to look up.
     *
     * @param column labels with 0 in place of ignored ones, {@code [n, 1]}
     * @param ignored where labels are ignored, {@code [n]}
     */
    record Labels(Tensor column, Tensor ignored) {
        /**
         * Checks labels against the number of classes.
         *
         * @throws IllegalArgumentException if one is neither a class nor {@link Losses#IGNORED}
         */
        static Labels of(Tensor labels, long classes) {
            Tensor ignored = torch.eq(labels, new Scalar(IGNORED));
            Tensor safe = labels.masked_fill(ignored, new Scalar(0L));
            if (safe.numel() > 0) {
                long low = safe.min().item_long();
                long high = safe.max().item_long();
                if (low < 0 || high >= classes) {
                    throw new IllegalArgumentException("cross-entropy: label " + (low < 0 ? low : high)
                            + " was found, but labels must be " + IGNORED + " or lie in [0, " + classes + ")");
                }
            }
            return new Labels(safe.unsqueeze(1), ignored);
        }

        /** The labels of the rows at these positions. */
        Labels at(Tensor positions) {
            return new Labels(torch.index_select(column, 0, positions), torch.index_select(ignored, 0, positions));
        }
    }
}
