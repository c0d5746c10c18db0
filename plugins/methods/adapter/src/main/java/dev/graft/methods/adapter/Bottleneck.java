package dev.graft.methods.adapter;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;

/**
 * The network of one adapter: {@code s U f(D x)} with biases, through a layer normalisation first where there is one.
 *
 * @param before its own normalisation of what goes in, or null
 * @param down D, {@code [bottleneck, width]}
 * @param nonLinearity f
 * @param up U, {@code [width, bottleneck]}
 * @param scaling s
 * @param gate the vector and bias of the gate, {@code [1, width]}, or null
 * @param after its own normalisation of what comes out, or null
 * @param config the keys that say the rest
 */
record Bottleneck(
        Norm before,
        LinearSite down,
        NonLinearity nonLinearity,
        LinearSite up,
        Scaling scaling,
        LinearSite gate,
        Norm after,
        AdapterConfig config) {
    /** {@code s U f(D x)} for {@code [rows, length, width]}, without what only training or gates do to it. */
    Tensor update(PatchContext context, Tensor x) {
        Tensor normed = before == null ? x : before.apply(x);
        Tensor narrow = nonLinearity.function().apply(context.linear(down, normed));
        return scaling.apply(context.linear(up, narrow));
    }

    /** What is added to something: the update with dropout, stochastic depth and gate. */
    Tensor gated(PatchContext context, Tensor x) {
        Tensor update = context.dropout(update(context, x), config.dropout());
        Tensor kept = droppedRows(context, update);
        return gate == null ? kept : kept.mul(gate(context, x));
    }

    /** Every row of the batch as a whole, or zero (Huang et al. 2016). */
    private Tensor droppedRows(PatchContext context, Tensor update) {
        double probability = config.stochasticDepth();
        if (!context.training() || probability == 0) {
            return update;
        }
        Tensor rows = context.tensors().full(Shape.of(update.size(0), 1, 1), update.dtype(), 1);
        return update.mul(context.dropout(rows, probability));
    }

    /** The mean over the tokens of each row of {@code sigmoid(w x + b)}, {@code [rows, 1, 1]} (Mao et al. 2022). */
    private Tensor gate(PatchContext context, Tensor x) {
        Tensor tokens = context.tokens().reshape(x.size(0), x.size(1), 1);
        Tensor opened = context.linear(gate, x).sigmoid().mul(tokens);
        return opened.sum(1).div(tokens.sum(1).clamp(1, Integer.MAX_VALUE)).reshape(x.size(0), 1, 1);
    }
}
