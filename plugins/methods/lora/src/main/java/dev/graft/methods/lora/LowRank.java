package dev.graft.methods.lora;

import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/**
 * The low-rank update of one linear layer: {@code h = W0 x + s B A x} (Hu et al. 2021, equation 3).
 *
 * @param tensors makes tensors
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param bias {@code [out]}, added after B, or null
 * @param scaling s
 * @param dropout on x before A
 * @param start A and B at the beginning, whose product is taken off so that the layer begins as it was; or null
 */
record LowRank(Tensors tensors, Parameter a, Parameter b, Parameter bias, double scaling, double dropout, Factors start)
        implements LinearPatch {
    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y) {
        Tensor updated = y.addScaled(trained(context.dropout(x, dropout)).cast(y.dtype()), scaling);
        return start == null ? updated : updated.addScaled(start.apply(x).cast(y.dtype()), -scaling);
    }

    /** {@code B A x}, with B's bias, less what was there at the beginning. */
    Tensor update(Tensor x) {
        Tensor trained = trained(x);
        return start == null ? trained : trained.sub(start.apply(x));
    }

    /** The factors of the update as it is now, cut off from the backward pass. */
    Factors factors() {
        Factors trained = new Factors(a.tensor().detach(), b.tensor().detach());
        return start == null ? trained : trained.less(tensors, start);
    }

    /** What is added to the weight, {@code [out, in]}. */
    Tensor delta() {
        return factors().product().mul(scaling);
    }

    private Tensor trained(Tensor x) {
        return x.linear(a.tensor(), null).linear(b.tensor(), bias == null ? null : bias.tensor());
    }
}
