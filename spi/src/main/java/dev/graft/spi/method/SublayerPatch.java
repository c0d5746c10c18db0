package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Acts where a sublayer's output joins the residual stream. */
public interface SublayerPatch {
    /**
     * Joins output and residual. A patch that does not call {@code next} joins them its own way, and must be the last one
     * of its site.
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
     * Joins output and residual as {@link #apply} does, with other work in the place of what this patch computes: what
     * the work is given, and how its result is joined, stay this patch's.
     *
     * @param residual as for {@link #apply}
     * @param output as for {@link #apply}
     * @param norm as for {@link #apply}
     * @param next as for {@link #apply}
     * @param work from what this patch would work on and what it would add its result to, both
     *     {@code [rows, length, width]}, to the sum
     * @throws dev.graft.spi.config.ConfigurationException if it is not of the kind that can be mixed
     */
    default Tensor around(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next,
            BinaryOperator<Tensor> work) {
        throw unmixable();
    }

    /**
     * What this patch computes from a sublayer's output, before it is added to anything: what techniques mix that run
     * several patches side by side.
     *
     * @param residual the stream before the sublayer, {@code [rows, length, width]}
     * @param output what the patch works on, {@code [rows, length, width]}
     * @throws dev.graft.spi.config.ConfigurationException if it is not of the kind that can be mixed
     */
    default Tensor update(PatchContext context, Tensor residual, Tensor output) {
        throw unmixable();
    }

    private ConfigurationException unmixable() {
        return new ConfigurationException(
                "this technique cannot be mixed with others at " + getClass().getSimpleName());
    }
}
