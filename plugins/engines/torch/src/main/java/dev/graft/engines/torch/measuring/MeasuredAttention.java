package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;

/**
 * {@link Attention} without elements. libtorch's fused kernel lays its results out as {@code [batch, length, heads,
 * headSize]}; shared key heads are repeated for it, and masks become numbers.
 */
interface MeasuredAttention extends Attention {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Attended attention(Array query, Array key, Array value, Rules rules, boolean training) {
        account().scratch(arguments(query, key, value, rules));
        DType wide = wide(query.dtype());
        long[] rows = {
            query.shape().size(0), query.shape().size(1), query.shape().size(2)
        };
        boolean fused = value.shape().size(3) == query.shape().size(3)
                && query.shape().elements() > 0
                && key.shape().elements() > 0;
        Array saved = training && fused ? account().fresh(Shape.of(rows), wide) : null;
        Shape output = query.shape().with(3, value.shape().size(3));
        return new Attended(byToken(output, query.dtype()), saved);
    }

    @Override
    default AttentionGradients attentionBackward(
            Array gradient, Array query, Array key, Array value, Rules rules, Attended forward, boolean needBias) {
        long arguments = arguments(query, key, value, rules);
        long repeated = groups(query, key) > 1 ? groups(query, key) * (key.bytes() + value.bytes()) : 0;
        long composed = needBias || forward.saved() == null ? 4 * scores(query, key) : 0;
        account().scratch(arguments + repeated + composed);
        return new AttentionGradients(
                byToken(query.shape(), query.dtype()),
                byToken(key.shape(), key.dtype()),
                byToken(value.shape(), value.dtype()),
                needBias ? account().fresh(rules.bias().shape(), rules.bias().dtype()) : null);
    }

    @Override
    default Array rotary(Array x, Array cos, Array sin, boolean inverse) {
        long[] strides = MeasuredArray.of(x).strides();
        boolean whole = cos.shape().size(2) == x.shape().size(3);
        return whole && Strides.dense(x.shape(), strides)
                ? account().keep(x.shape(), strides, x.dtype())
                : account().fresh(x.shape(), x.dtype());
    }

    private Array byToken(Shape shape, DType dtype) {
        long width = shape.size(1) * shape.size(3);
        long[] strides = {shape.size(2) * width, shape.size(3), width, 1};
        return account().keep(shape, strides, dtype);
    }

    /** What stands beside the caller's arrays in the form the kernel takes. */
    private static long arguments(Array query, Array key, Array value, Rules rules) {
        DType wide = wide(query.dtype());
        long groups = query.shape().size(2) == 1 ? 1 : groups(query, key);
        long keys = key.shape().elements() + value.shape().elements();
        long bytes = groups > 1 ? keys * groups * wide.bytes() : 0;
        if (wide != query.dtype()) {
            bytes += (2 * query.shape().elements() + keys) * wide.bytes();
        }
        if (rules.mask() != null || rules.bias() != null) {
            Array mask = rules.mask() == null ? rules.bias() : rules.mask();
            int rank = mask.shape().rank();
            long heads = rank < 3 ? 1 : mask.shape().size(-3);
            long batch = rank < 4 ? 1 : mask.shape().size(0);
            bytes += 2 * batch * heads * query.shape().size(2) * key.shape().size(2) * wide.bytes();
        }
        return bytes;
    }

    private static long scores(Array query, Array key) {
        return query.shape().size(0)
                * query.shape().size(1)
                * query.shape().size(2)
                * key.shape().size(2)
                * wide(query.dtype()).bytes();
    }

    private static long groups(Array query, Array key) {
        return query.shape().size(1) / Math.max(1, key.shape().size(1));
    }

    private static DType wide(DType dtype) {
        return dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
