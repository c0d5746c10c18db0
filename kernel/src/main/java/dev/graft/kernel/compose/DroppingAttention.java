package dev.graft.kernel.compose;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;

/** Attention step by step, with dropout on its weights, which fused kernels do not do. */
final class DroppingAttention {
    private static final double HIDDEN = -1e30;

    private DroppingAttention() {}

    static Tensor apply(
            PatchContext context, Tensor query, Tensor key, Tensor value, AttentionRules rules, double dropout) {
        long heads = query.size(1);
        Tensor scores = query.matmul(repeated(key, heads), false, true).mul(rules.scale());
        if (rules.bias() != null) {
            scores = scores.add(rules.bias());
        }
        Tensor mask = rules.causal() ? causal(context.tensors(), query.size(2), key.size(2)) : rules.mask();
        if (mask != null) {
            scores = scores.where(mask, context.tensors().full(Shape.of(1), scores.dtype(), HIDDEN));
        }
        Tensor weights = scores.softmax(-1).dropout(dropout, context.random());
        return weights.matmul(repeated(value, heads));
    }

    private static Tensor repeated(Tensor x, long heads) {
        long own = x.size(1);
        if (own == heads) {
            return x;
        }
        Shape stretched = Shape.of(x.size(0), own, heads / own, x.size(2), x.size(3));
        return x.reshape(x.size(0), own, 1, x.size(2), x.size(3))
                .expand(stretched)
                .reshape(x.size(0), heads, x.size(2), x.size(3));
    }

    private static Tensor causal(Tensors tensors, long queries, long keys) {
        Tensor last = tensors.range(keys - queries, keys).reshape(queries, 1);
        return tensors.range(0, keys).reshape(1, keys).apply(Binary.LE, last);
    }
}
