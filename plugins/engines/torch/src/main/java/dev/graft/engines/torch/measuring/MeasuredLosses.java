package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;

/** {@link Losses} without elements. */
interface MeasuredLosses extends Losses {
    /** Numbers of a chunk of logits, as the torch engine works them off. */
    long CHUNK = 8L << 20;

    /** Where bytes are counted. */
    Account account();

    @Override
    default CrossEntropy crossEntropy(Array logits, Array labels) {
        DType wide = wide(logits.dtype());
        account().scratch(2 * logits.shape().elements() * wide.bytes());
        long rows = logits.shape().size(0);
        return new CrossEntropy(account().fresh(Shape.of(rows), wide), account().fresh(Shape.of(rows, 1), wide));
    }

    @Override
    default Array crossEntropyBackward(Array gradient, Array logits, Array labels, CrossEntropy forward) {
        account().scratch(2 * logits.shape().elements() * wide(logits.dtype()).bytes());
        return account().fresh(logits.shape(), logits.dtype());
    }

    @Override
    default CrossEntropy linearCrossEntropy(Array x, FrozenMatrix weight, Array bias, Array labels, boolean training) {
        DType wide = wide(x.dtype());
        long rows = x.shape().size(0);
        Array losses = account().fresh(Shape.of(rows), wide);
        Array saved = training ? account().fresh(x.shape(), x.dtype()) : null;
        if (training) {
            ((MeasuredMatrix) weight).transposed();
        }
        long chunk = Math.min(rows, Math.max(1, CHUNK / Math.max(1, weight.outputs())));
        account().scratch(chunk * (2 * weight.outputs() + 2 * weight.inputs()) * wide.bytes());
        return new CrossEntropy(losses, saved);
    }

    @Override
    default Array linearCrossEntropyBackward(Array gradient, CrossEntropy forward) {
        return account().fresh(forward.saved().shape(), forward.saved().dtype());
    }

    private static DType wide(DType dtype) {
        return dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
