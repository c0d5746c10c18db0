package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention's arguments in the form the kernels take: at least single precision, as many key heads as query heads, and
 * one additive mask. With a single query per head, the query heads that share a key head become that head's queries, so
 * that a key-value cache need not be repeated; otherwise keys and values are repeated.
 *
 * @param query {@code [batch, heads, queries, headSize]}
 * @param key {@code [batch, heads, keys, headSize]}
 * @param value {@code [batch, heads, keys, headSize]}
 * @param causal whether the kernel hides later keys; only where there are as many keys as queries
 * @param mask added to the scaled dot products, {@code [batch or 1, heads or 1, queries, keys]}; or null
 * @param scale factor on the dot products
 * @param dtype type of the caller's arrays
 * @param groups query heads per key head
 * @param stacked whether these were made queries of one head
 */
record AttentionCall(
        Tensor query,
        Tensor key,
        Tensor value,
        boolean causal,
        Tensor mask,
        double scale,
        DType dtype,
        long groups,
        boolean stacked) {

    /** Prepares arguments; call inside {@link Ledger#run}. */
    static AttentionCall of(Array query, Array key, Array value, Attention.Rules rules) {
        DType dtype = query.dtype();
        long queries = query.shape().size(2);
        long keys = key.shape().size(2);
        long groups = query.shape().size(1) / key.shape().size(1);
        boolean plainCausal = rules.causal() && queries == keys && rules.mask() == null && rules.bias() == null;
        boolean hidden = rules.causal() && !plainCausal && queries > 1;
        Tensor mask = mask(rules, dtype, hidden, queries, keys);
        boolean stacked = groups > 1 && queries == 1 && (mask == null || mask.size(1) == 1);
        Tensor k = widen(key, dtype);
        Tensor v = widen(value, dtype);
        if (groups > 1 && !stacked) {
            k = repeat(k, groups);
            v = repeat(v, groups);
        }
        AttentionCall call = new AttentionCall(
                widen(query, dtype), k, v, plainCausal && queries > 1, mask, rules.scale(), dtype, groups, stacked);
        return stacked ? call.withQuery(call.group(call.query)) : call;
    }

    private AttentionCall withQuery(Tensor grouped) {
        return new AttentionCall(grouped, key, value, causal, mask, scale, dtype, groups, stacked);
    }

    /** Whether libtorch's fused kernel takes these arguments. */
    boolean fitsFusedKernel() {
        return value.size(3) == query.size(3) && query.numel() > 0 && key.numel() > 0;
    }

    /** An array of the caller in the type of the arithmetic, features contiguous. */
    Tensor widen(Array array) {
        return widen(array, dtype);
    }

    /** A result in the caller's type. */
    Tensor narrow(Tensor result) {
        return dtype == DTypes.atLeastSingle(dtype) ? result : result.to(DTypes.torch(dtype));
    }

    /** {@code [batch, heads, 1, n]} as {@code [batch, keyHeads, groups, n]} where heads were stacked. */
    Tensor group(Tensor perHead) {
        return stacked ? perHead.reshape(perHead.size(0), perHead.size(1) / groups, groups, perHead.size(3)) : perHead;
    }

    /** Undoes {@link #group}. */
    Tensor ungroup(Tensor result) {
        return stacked ? result.reshape(result.size(0), result.size(1) * groups, 1, result.size(3)) : result;
    }

    /** The gradient of repeated keys or values: summed over the heads that shared them. */
    Tensor sumGroups(Tensor gradient) {
        if (groups == 1 || stacked) {
            return gradient;
        }
        return gradient.reshape(gradient.size(0), gradient.size(1) / groups, groups, gradient.size(2), gradient.size(3))
                .sum(2);
    }

    /** The gradient of the scores folded to the bias's shape and type. */
    Tensor biasGradient(Tensor scores, Array bias) {
        Tensor perHead = stacked ? scores.reshape(scores.size(0), scores.size(1) * groups, 1, scores.size(3)) : scores;
        return perHead.sum_to_size(bias.shape().toArray()).to(DTypes.torch(bias.dtype()));
    }

    private static Tensor widen(Array array, DType dtype) {
        Tensor wide = TorchArray.tensor(array, DTypes.atLeastSingle(dtype));
        return wide.numel() == 0 || wide.stride(3) == 1 ? wide : wide.contiguous();
    }

    private static Tensor repeat(Tensor x, long groups) {
        long[] wide = {x.size(0), x.size(1), groups, x.size(2), x.size(3)};
        return x.unsqueeze(2).expand(wide, false).reshape(x.size(0), x.size(1) * groups, x.size(2), x.size(3));
    }

    private static Tensor mask(Attention.Rules rules, DType dtype, boolean hidden, long queries, long keys) {
        DType wide = DTypes.atLeastSingle(dtype);
        Tensor visible = rules.mask() == null ? null : TorchArray.tensor(rules.mask());
        if (hidden) {
            Tensor lower = torch.ones(new long[] {queries, keys}, DTypes.options(DType.BOOL))
                    .tril(keys - queries);
            visible = visible == null ? lower : torch.logical_and(visible, lower);
        }
        Tensor added =
                rules.bias() == null ? null : TorchArray.tensor(rules.bias()).to(DTypes.torch(wide));
        if (visible != null) {
            Tensor zero = added != null ? added : torch.zeros(new long[] {1}, DTypes.options(wide));
            added = torch.where(visible, zero, new Scalar(Double.NEGATIVE_INFINITY))
                    .to(DTypes.torch(wide));
        }
        if (added == null) {
            return null;
        }
        while (added.dim() < 4) {
            added = added.unsqueeze(0);
        }
        return added.expand(new long[] {added.size(0), added.size(1), queries, keys}, false)
                .contiguous();
    }
}
