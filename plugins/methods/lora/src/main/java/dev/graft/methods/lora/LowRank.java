package dev.graft.methods.lora;

import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;

/**
 * The low-rank update of one linear layer: {@code h = W0 x + s B A x} (Hu et al. 2021, equation 3).
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param bias {@code [out]}, added after B, or null
 * @param scaling s
 * @param dropout on x before A
 * @param start the update at the beginning, subtracted so that the layer begins as it was, or null
 */
record LowRank(Parameter a, Parameter b, Parameter bias, double scaling, double dropout, Start start)
        implements LinearPatch {
    /**
     * An update that was there at the beginning.
     *
     * @param a {@code [r, in]}
     * @param b {@code [out, r]}
     */
    record Start(Tensor a, Tensor b) {}

    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y) {
        Tensor updated = y.addScaled(update(context.dropout(x, dropout)).cast(y.dtype()), scaling);
        if (start == null) {
            return updated;
        }
        Tensor begun = x.linear(start.a(), null).linear(start.b(), null);
        return updated.addScaled(begun.cast(y.dtype()), -scaling);
    }

    /** {@code B A x}, with B's bias. */
    Tensor update(Tensor x) {
        return x.linear(a.tensor(), null).linear(b.tensor(), bias == null ? null : bias.tensor());
    }

    /** {@code s B A}, less what was there at the beginning; {@code [out, in]}. */
    Tensor delta() {
        Tensor delta = b.tensor().detach().matmul(a.tensor().detach()).mul(scaling);
        return start == null ? delta : delta.addScaled(start.b().matmul(start.a()), -scaling);
    }
}
