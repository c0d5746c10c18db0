package dev.graft.methods.adapter;

import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An adapter after a sublayer (Houlsby et al. 2019, figure 2; Pfeiffer et al. 2021, figure 5). With h the sublayer's
 * output and r the stream: x is h, or {@code norm(r + h)} under {@code original_ln_before}; {@code y = s U f(D x) + h}
 * (or {@code + x}); the stream becomes {@code norm(r + y)}, or y itself without {@code original_ln_after}.
 *
 * @param network its network
 */
record SerialAdapter(Bottleneck network) implements SublayerPatch {
    @Override
    public Tensor apply(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next) {
        return around(context, residual, output, norm, next, (x, added) -> added(context, x, added));
    }

    @Override
    public Tensor around(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next,
            BinaryOperator<Tensor> work) {
        AdapterConfig config = network.config();
        Tensor sum = config.originalLnBefore() ? residual.add(output) : output;
        Tensor x = config.originalLnBefore() ? norm.apply(sum) : output;
        Tensor added = switch (config.residualBeforeLn()) {
            case "true" -> output;
            case AdapterConfig.POST_ADD -> sum;
            default -> x;
        };
        Tensor y = work.apply(x, added).cast(output.dtype());
        return config.originalLnAfter() ? next.apply(y) : y;
    }

    @Override
    public Tensor update(PatchContext context, Tensor residual, Tensor output) {
        return network.update(context, output);
    }

    private Tensor added(PatchContext context, Tensor x, Tensor added) {
        Tensor gated = network.gated(context, x);
        boolean first = network.config().adapterResidualBeforeLn();
        Tensor y = first ? gated.add(added) : gated;
        Tensor normed = network.after() == null ? y : network.after().apply(y);
        return first ? normed : normed.add(added);
    }
}
