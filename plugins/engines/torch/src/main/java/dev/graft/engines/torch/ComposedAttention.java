package dev.graft.engines.torch;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention from matrix products and a softmax, for what the fused kernel does not do: gradients of a bias, values of
 * another size than keys, and lengths of 0.
 */
final class ComposedAttention {
    private ComposedAttention() {}

    /** {@code softmax(q k^T * scale + mask) v}. */
    static Tensor forward(AttentionCall call) {
        return weights(call).matmul(call.value());
    }

    /** Gradients with respect to queries, keys, values and the mask. */
    static List<Tensor> backward(AttentionCall call, Tensor gradient) {
        Tensor weights = weights(call);
        Tensor forValue = weights.transpose(2, 3).matmul(gradient);
        Tensor forWeights = gradient.matmul(call.value().transpose(2, 3));
        Tensor forScores = Aten.softmaxBackward(forWeights, weights, 3);
        Scalar scale = new Scalar(call.scale());
        Tensor forQuery = forScores.matmul(call.key()).mul_(scale);
        Tensor forKey = forScores.transpose(2, 3).matmul(call.query()).mul_(scale);
        return List.of(forQuery, forKey, forValue, forScores);
    }

    private static Tensor weights(AttentionCall call) {
        Tensor scores = call.query().matmul(call.key().transpose(2, 3)).mul_(new Scalar(call.scale()));
        if (call.causal()) {
            Tensor lower = torch.ones_like(scores).tril(0).to(torch.ScalarType.Bool);
            scores = torch.where(lower, scores, new Scalar(Double.NEGATIVE_INFINITY));
        }
        if (call.mask() == null) {
            return torch.softmax(scores, 3);
        }
        Tensor masked = scores.add(call.mask());
        Tensor blind = torch.isneginf(masked).all(3, true);
        return torch.softmax(masked, 3).masked_fill(blind, new Scalar(0.0));
    }
}
