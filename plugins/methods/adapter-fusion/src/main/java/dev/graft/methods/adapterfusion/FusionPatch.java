package dev.graft.methods.adapterfusion;

import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Mixes adapters after one sublayer. What they work on, what the mixture is added to and what normalises it is what the
 * last of them says.
 *
 * @param parts what the adapters do
 * @param layer mixes what they compute
 */
record FusionPatch(List<SublayerPatch> parts, FusionLayer layer) implements SublayerPatch {
    @Override
    public Tensor apply(
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            UnaryOperator<Tensor> next) {
        SublayerPatch last = parts.get(parts.size() - 1);
        return last.around(context, residual, output, norm, next, (x, added) -> {
            List<Tensor> updates = parts.stream()
                    .map(part -> part.update(context, residual, x))
                    .toList();
            return layer.apply(context, layer.config().queryBeforeLn() ? output : x, updates, added);
        });
    }
}
