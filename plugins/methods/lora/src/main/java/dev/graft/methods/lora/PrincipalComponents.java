package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * The largest singular values and vectors of a weight as first values (Meng et al. 2024, PiSSA, equation 3): with
 * {@code W0 = U S V^T}, {@code A = sqrt(S_r / s) V_r^T} and {@code B = U_r sqrt(S_r / s)}, so that {@code s B A} is the
 * best approximation of rank r.
 */
final class PrincipalComponents {
    private PrincipalComponents() {}

    static Factors of(AttachContext context, LinearSite site, int rank, double scaling) {
        int most = Math.min(site.inputs(), site.outputs());
        if (rank > most) {
            throw new ConfigurationException("init_lora_weights is pissa, but rank " + rank + " is more than the "
                    + most + " singular values of '" + site.name() + "'");
        }
        if (scaling == 0) {
            throw new ConfigurationException(
                    "init_lora_weights is pissa, but lora_alpha is 0 for '" + site.name() + "'; it must be above 0");
        }
        List<Tensor> parts = context.tensors().svd(Directions.wide(LinearTargets.weight(site)));
        Tensor root = parts.get(1).slice(0, 0, rank).div(scaling).sqrt();
        Tensor b = parts.get(0).slice(1, 0, rank).mul(root.reshape(1, rank));
        Tensor a = parts.get(2).slice(0, 0, rank).mul(root.reshape(rank, 1));
        return new Factors(a, b);
    }
}
