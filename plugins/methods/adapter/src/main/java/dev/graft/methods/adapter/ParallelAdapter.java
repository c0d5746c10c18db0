package dev.graft.methods.adapter;

import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An adapter beside a sublayer (He et al. 2022, table 1): with h the sublayer's output and r the stream, h becomes
 * {@code h + s U f(D r)}. What it works on is the stream itself, in pre-norm models too.
 *
 * @param network its network
 */
record ParallelAdapter(Bottleneck network) implements SublayerPatch {
    @Override
    public Tensor apply(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next) {
        return around(context, residual, output, norm, next, (x, added) -> added.add(beside(context, x)));
    }

    @Override
    public Tensor around(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next,
            BinaryOperator<Tensor> work) {
        Tensor y = work.apply(residual, output).cast(output.dtype());
        return network.config().originalLnAfter() ? next.apply(y) : y;
    }

    @Override
    public Tensor update(PatchContext context, Tensor residual, Tensor output) {
        return network.update(context, residual);
    }

    private Tensor beside(PatchContext context, Tensor x) {
        Tensor y = network.gated(context, x);
        return network.after() == null ? y : network.after().apply(y);
    }
}
