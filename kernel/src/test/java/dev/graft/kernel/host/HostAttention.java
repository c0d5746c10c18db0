package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;

/** Attention and rotary positions. What attention saves is its matrix of probabilities. */
interface HostAttention extends HostMemory {
    @Override
    default Attended attention(Array query, Array key, Array value, Rules rules, boolean training) {
        HostMemory.sameDType(query, key);
        HostMemory.sameDType(query, value);
        int heads = Math.toIntExact(query.shape().size(1));
        try (Array keys = repeated(key, heads);
                Array values = repeated(value, heads);
                Array scores = matmul(query, keys, false, true)) {
            Array probabilities = probabilities(scores, rules);
            Array output = matmul(probabilities, values, false, false);
            if (training) {
                return new Attended(output, probabilities);
            }
            probabilities.close();
            return new Attended(output, null);
        }
    }

    private Array probabilities(Array scores, Rules rules) {
        Shape shape = scores.shape();
        int queries = Math.toIntExact(shape.size(2));
        int keys = Math.toIntExact(shape.size(3));
        double[] p = values(scores);
        double[] mask = rules.mask() == null ? null : values(rules.mask(), shape);
        double[] bias = rules.bias() == null ? null : values(rules.bias(), shape);
        for (int row = 0; row < p.length / Math.max(1, keys); row++) {
            int last = rules.causal() ? row % queries + keys - queries : keys - 1;
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < keys; k++) {
                int i = row * keys + k;
                boolean seen = k <= last && (mask == null || mask[i] != 0);
                p[i] = seen ? p[i] * rules.scale() + (bias == null ? 0 : bias[i]) : Double.NEGATIVE_INFINITY;
                most = Math.max(most, p[i]);
            }
            double sum = 0;
            for (int i = row * keys; i < (row + 1) * keys; i++) {
                p[i] = most == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[i] - most);
                sum += p[i];
            }
            for (int i = row * keys; i < (row + 1) * keys && sum > 0; i++) {
                p[i] /= sum;
            }
        }
        return make(p, shape, scores.dtype());
    }

    @Override
    default AttentionGradients attentionBackward(
            Array gradient, Array query, Array key, Array value, Rules rules, Attended forward, boolean needBias) {
        int heads = Math.toIntExact(query.shape().size(1));
        try (Array keys = repeated(key, heads);
                Array values = repeated(value, heads);
                Array allValueGradients = matmul(forward.saved(), gradient, true, false);
                Array toProbabilities = matmul(gradient, values, false, true);
                Array toScores = softmaxBackward(toProbabilities, forward.saved(), -1);
                Array toProducts = binary(Binary.MUL, toScores, rules.scale());
                Array allKeyGradients = matmul(toProducts, query, true, false)) {
            return new AttentionGradients(
                    matmul(toProducts, keys, false, false),
                    folded(allKeyGradients, key.shape()),
                    folded(allValueGradients, value.shape()),
                    needBias ? stretchedBack(toScores, rules.bias().shape()) : null);
        }
    }

    /** Key or value heads {@code [batch, keyHeads, ...]} repeated to {@code [batch, heads, ...]}. */
    private Array repeated(Array x, int heads) {
        Shape s = x.shape();
        long times = heads / s.size(1);
        try (Array apart = reshape(x, Shape.of(s.size(0), s.size(1), 1, s.size(2), s.size(3)));
                Array stretched = expand(apart, Shape.of(s.size(0), s.size(1), times, s.size(2), s.size(3)))) {
            return reshape(stretched, s.with(1, heads));
        }
    }

    private Array folded(Array x, Shape shape) {
        long times = x.shape().size(1) / shape.size(1);
        try (Array apart = reshape(x, Shape.of(shape.size(0), shape.size(1), times, shape.size(2), shape.size(3)))) {
            return reduce(Reduction.SUM, apart, new int[] {2}, false);
        }
    }

    private Array stretchedBack(Array x, Shape shape) {
        Array folded = cast(x, x.dtype());
        while (folded.shape().rank() > shape.rank()) {
            folded = sumOver(folded, 0, false);
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.size(axis) == 1) {
                folded = sumOver(folded, axis, true);
            }
        }
        return folded;
    }

    private Array sumOver(Array x, int axis, boolean keep) {
        try (Array consumed = x) {
            return reduce(Reduction.SUM, consumed, new int[] {axis}, keep);
        }
    }

    @Override
    default Array rotary(Array x, Array cos, Array sin, boolean inverse) {
        Shape shape = x.shape();
        int size = Math.toIntExact(shape.size(3));
        int rotated = Math.toIntExact(cos.shape().size(-1));
        int half = rotated / 2;
        Shape perToken = Shape.of(shape.size(0), shape.size(2), rotated);
        double[] c = values(cos, perToken);
        double[] s = values(sin, perToken);
        double[] from = values(x);
        double[] to = from.clone();
        int heads = Math.toIntExact(shape.size(1));
        int length = Math.toIntExact(shape.size(2));
        for (int row = 0; row < from.length / Math.max(1, size); row++) {
            int token = row / length / heads * length + row % length;
            for (int i = 0; i < half; i++) {
                int low = row * size + i;
                int high = low + half;
                int atLow = token * rotated + i;
                int atHigh = atLow + half;
                if (inverse) {
                    to[low] = from[low] * c[atLow] + from[high] * s[atHigh];
                    to[high] = from[high] * c[atHigh] - from[low] * s[atLow];
                } else {
                    to[low] = from[low] * c[atLow] - from[high] * s[atLow];
                    to[high] = from[high] * c[atHigh] + from[low] * s[atHigh];
                }
            }
        }
        return make(to, shape, x.dtype());
    }
}
