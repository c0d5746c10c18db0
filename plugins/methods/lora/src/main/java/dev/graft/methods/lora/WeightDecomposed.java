package dev.graft.methods.lora;

import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Weight-decomposed low-rank adaptation of a linear layer: {@code W' = m (W0 + s B A) / ||W0 + s B A||}, the norm taken
 * per output (Liu et al. 2024, equations 5 and 11).
 *
 * @param site the layer
 * @param lowRank the directional update
 * @param magnitude m, {@code [out]}
 * @param directions the norms
 */
record WeightDecomposed(LinearSite site, LowRank lowRank, Parameter magnitude, Directions directions)
        implements LinearPatch {
    @Override
    public Tensor output(PatchContext context, Tensor x, Tensor y, Supplier<Optional<Tensor>> offset) {
        Tensor dropped = context.dropout(x, lowRank.dropout());
        boolean drops = context.training() && lowRank.dropout() > 0;
        Tensor product = drops ? dropped.linear(LinearTargets.weight(site), null) : unbiased(y, offset.get());
        Tensor factor = factor();
        Tensor update = lowRank.update(dropped).mul(lowRank.scaling());
        Tensor change = product.mul(factor.sub(1)).add(update.mul(factor));
        return y.add(change.cast(y.dtype()));
    }

    /**
     * The merged weight.
     *
     * @param base {@code [out, in]}
     */
    Tensor merged(Tensor base) {
        return base.add(lowRank.delta()).mul(factor().detach().reshape(-1, 1));
    }

    /** {@code m / ||W0 + s B A||}, {@code [out]}. */
    private Tensor factor() {
        return magnitude.tensor().div(directions.norms());
    }

    /** The magnitude does not scale what is added to the product. */
    private static Tensor unbiased(Tensor y, Optional<Tensor> offset) {
        return offset.map(y::sub).orElse(y);
    }
}
