package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Normalization;

/** {@link Normalization} without elements. */
interface MeasuredNormalization extends Normalization {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Normalized layerNorm(Array x, Array weight, Array bias, double epsilon) {
        return new Normalized(account().fresh(x.shape(), x.dtype()), perRow(x), perRow(x));
    }

    @Override
    default Gradients layerNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        account().scratch(wide(x));
        return new Gradients(
                needInput ? account().fresh(x.shape(), x.dtype()) : null,
                needParameters ? account().fresh(weight.shape(), weight.dtype()) : null,
                needParameters ? account().fresh(weight.shape(), weight.dtype()) : null);
    }

    @Override
    default Normalized rmsNorm(Array x, Array weight, double epsilon) {
        account().scratch(wide(x) + (x.dtype().bytes() < Float.BYTES ? wide(x) : 0));
        return new Normalized(account().fresh(x.shape(), x.dtype()), null, perRow(x));
    }

    @Override
    default Gradients rmsNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        account().scratch(wide(x));
        return new Gradients(
                needInput ? account().fresh(x.shape(), x.dtype()) : null,
                needParameters ? account().fresh(weight.shape(), weight.dtype()) : null,
                null);
    }

    private static long wide(Array x) {
        return x.shape().elements() * statistics(x).bytes();
    }

    private static DType statistics(Array x) {
        return x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    private Array perRow(Array x) {
        return account().fresh(x.shape().with(-1, 1), statistics(x));
    }
}
