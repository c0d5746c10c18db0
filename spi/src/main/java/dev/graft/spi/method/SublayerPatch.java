package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Acts where a sublayer's output joins the residual stream. */
@FunctionalInterface
public interface SublayerPatch {
    /**
     * Joins output and residual.
     *
     * @param residual the stream before the sublayer, {@code [rows, length, width]}
     * @param output what the sublayer computed, {@code [rows, length, width]}
     * @param norm the normalisation of post-norm models, the identity in pre-norm models
     * @param next joins a changed output as if this patch were not there: {@code norm(residual + output)} at the end
     * @return the new residual stream
     */
    Tensor apply(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next);
}
