package dev.graft.methods.adapterfusion;

import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * Attention over adapters at one sublayer (Pfeiffer et al. 2021, section 3.3): with z_n what adapter n computes for a
 * token, {@code s = softmax(Q x . K z_n)} over n and the mixture {@code sum_n s_n V z_n}. There is no division by the
 * root of the width.
 *
 * @param query Q, {@code [width, width]} with a bias, or null for the identity
 * @param key K, as Q
 * @param value V, {@code [width, width]} without a bias, or null for the identity
 * @param temperature what scores are divided by, or null
 * @param dropout probability of dropping a score in training
 * @param config the keys that say the rest
 */
record FusionLayer(
        LinearSite query,
        LinearSite key,
        LinearSite value,
        Temperature temperature,
        double dropout,
        FusionConfig config) {
    /**
     * The mixture with what it is added to.
     *
     * @param x what is asked with, {@code [rows, length, width]}
     * @param updates what the adapters compute, each {@code [rows, length, width]}
     * @param added what the mixture is added to, {@code [rows, length, width]}
     */
    Tensor apply(PatchContext context, Tensor x, List<Tensor> updates, Tensor added) {
        Tensor z = side(context, updates);
        if (config.residualBefore()) {
            z = z.add(asOne(added));
        }
        Tensor keys = through(context, key, z);
        Tensor scores = asOne(through(context, query, x)).matmul(keys, false, true);
        Tensor dropped = context.dropout(scores, dropout);
        Tensor shares = (temperature == null ? dropped : temperature.cool(dropped)).softmax(-1);
        Tensor mixed;
        if (config.valueBeforeSoftmax()) {
            mixed = shares.matmul(through(context, value, z)).reshape(x.size(0), x.size(1), -1);
        } else {
            mixed = through(context, value, shares.matmul(z).reshape(x.size(0), x.size(1), -1));
        }
        return config.residualBefore() ? mixed : mixed.add(added);
    }

    private static Tensor through(PatchContext context, LinearSite projection, Tensor x) {
        return projection == null ? x : context.linear(projection, x);
    }

    /** {@code [rows, length, adapters, width]}. */
    private static Tensor side(PatchContext context, List<Tensor> updates) {
        return context.tensors().concat(updates.stream().map(FusionLayer::asOne).toList(), 2);
    }

    /** {@code [rows, length, 1, width]}. */
    private static Tensor asOne(Tensor x) {
        return x.reshape(x.size(0), x.size(1), 1, x.size(2));
    }
}
