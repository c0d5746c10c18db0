package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Acts where a sublayer's output joins the residual stream. */
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

    /**
     * What this patch computes from a sublayer's output, before it is added to anything: what techniques mix that run
     * several patches side by side.
     *
     * @param residual the stream before the sublayer, {@code [rows, length, width]}
     * @param output what the patch works on, {@code [rows, length, width]}
     * @throws dev.graft.spi.config.ConfigurationException if it is not of the kind that can be mixed
     */
    default Tensor update(PatchContext context, Tensor residual, Tensor output) {
        throw new ConfigurationException(
                "this technique cannot be mixed with others at " + getClass().getSimpleName());
    }
}
