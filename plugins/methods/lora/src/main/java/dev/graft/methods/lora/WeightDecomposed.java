package dev.graft.methods.lora;

import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;

/**
 * Weight-decomposed low-rank adaptation: {@code W' = m (W0 + s B A) / ||W0 + s B A||}, the norm taken per output and
 * held constant in the backward pass (Liu et al. 2024, equations 5 and 11).
 *
 * @param site the layer
 * @param lowRank the directional update
 * @param magnitude m, {@code [out]}
 * @param squaredNorms {@code ||W0||^2} per output, {@code [out]}
 */
record WeightDecomposed(LinearSite site, LowRank lowRank, Parameter magnitude, Tensor squaredNorms)
        implements LinearPatch {
    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y) {
        Tensor dropped = context.dropout(x, lowRank.dropout());
        boolean drops = context.training() && lowRank.dropout() > 0;
        Tensor product = drops ? dropped.linear(weight(site), null) : unbiased(y);
        Tensor factor = magnitude.tensor().div(norms());
        Tensor update = lowRank.update(dropped).mul(lowRank.scaling());
        Tensor change = product.mul(factor.sub(1)).add(update.mul(factor));
        return y.add(change.cast(y.dtype()));
    }

    /**
     * {@code ||W0 + s B A||} per output without forming B A: {@code ||w||^2 + 2 s (W0 A^T) . B + s^2 (B A A^T) . B},
     * row by row.
     */
    Tensor norms() {
        Tensor a = lowRank.a().tensor().detach();
        Tensor b = lowRank.b().tensor().detach();
        double s = lowRank.scaling();
        Tensor cross = weight(site).matmul(a, false, true).mul(b).sum(1).mul(2 * s);
        Tensor own = b.matmul(a.matmul(a, false, true)).mul(b).sum(1).mul(s * s);
        return squaredNorms.add(cross).add(own).sqrt();
    }

    /** The merged weight, {@code [out, in]}. */
    Tensor merged(Tensor base) {
        Tensor direction = base.add(lowRank.delta());
        return direction.mul(magnitude.tensor().detach().div(norms()).reshape(-1, 1));
    }

    private Tensor unbiased(Tensor y) {
        return site.bias() == null ? y : y.sub(site.bias().tensor());
    }

    /** The base weight as {@code [out, in]}. */
    static Tensor weight(LinearSite site) {
        Tensor stored = site.weight().tensor();
        return site.inputMajor() ? stored.transpose(0, 1) : stored;
    }
}
