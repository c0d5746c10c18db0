package dev.graft.engines.torch;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Operators that libtorch has but whose C++ functions the presets do not bind, called through libtorch's dispatcher.
 * Calls belong inside {@link Ledger#run}, which frees the boxed arguments.
 */
final class Aten {
    private static final OperatorHandle LINEAR = operator("mkldnn::_linear_pointwise");
    private static final OperatorHandle PACK = operator("mkldnn::_reorder_linear_weight");
    private static final OperatorHandle ATTENTION = operator("aten::_scaled_dot_product_flash_attention_for_cpu");
    private static final OperatorHandle ATTENTION_BACKWARD =
            operator("aten::_scaled_dot_product_flash_attention_for_cpu_backward");
    private static final OperatorHandle LAYER_NORM_BACKWARD = operator("aten::native_layer_norm_backward");
    private static final OperatorHandle SOFTMAX_BACKWARD = operator("aten::_softmax_backward_data");
    private static final OperatorHandle LOG_SOFTMAX_BACKWARD = operator("aten::_log_softmax_backward_data");
    private static final IValue NONE = lasting(new IValue());
    private static final IValue NO_FUSION = lasting(new IValue("none"));
    private static final IValue NO_ALGORITHM = lasting(new IValue(""));

    private Aten() {}

    /** {@code x W^T + bias} by oneDNN, for a weight {@code [out, in]} in plain or packed layout. */
    static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return call(
                        LINEAR,
                        new IValue(x),
                        new IValue(weight),
                        optional(bias),
                        NO_FUSION,
                        Lists.noScalars(),
                        NO_ALGORITHM)
                .get(0);
    }

    /** A weight {@code [out, in]} in the blocked layout of oneDNN's matrix kernel. */
    static Tensor pack(Tensor weight) {
        return call(PACK, new IValue(weight), NONE).get(0);
    }

    /** A packed weight in plain layout. */
    static Tensor unpack(Tensor packed) {
        return packed.to_dense(new ScalarTypeOptional(), new BoolOptional());
    }

    /** Attention over {@code [batch, heads, length, headSize]}: the output and the logarithms of the normalisers. */
    static List<Tensor> attention(Tensor q, Tensor k, Tensor v, boolean causal, Tensor mask, double scale) {
        return call(
                ATTENTION,
                new IValue(q),
                new IValue(k),
                new IValue(v),
                new IValue(0.0),
                new IValue(causal),
                optional(mask),
                new IValue(scale));
    }

    /** Gradients of {@link #attention} with respect to queries, keys and values. */
    static List<Tensor> attentionBackward(
            Tensor gradient,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor output,
            Tensor logSumExp,
            boolean causal,
            Tensor mask,
            double scale) {
        return call(
                ATTENTION_BACKWARD,
                new IValue(gradient),
                new IValue(q),
                new IValue(k),
                new IValue(v),
                new IValue(output),
                new IValue(logSumExp),
                new IValue(0.0),
                new IValue(causal),
                optional(mask),
                new IValue(scale));
    }

    /**
     * Gradients of layer normalisation with respect to its input, weight and bias, for rows {@code [n, width]};
     * undefined tensors stand for those not needed.
     */
    static List<Tensor> layerNormBackward(
            Tensor gradient,
            Tensor x,
            Tensor mean,
            Tensor inverseDeviation,
            Tensor weight,
            Tensor bias,
            boolean needInput,
            boolean needWeight,
            boolean needBias) {
        return call(
                LAYER_NORM_BACKWARD,
                new IValue(gradient),
                new IValue(x),
                Lists.ofOne(x.size(1)),
                new IValue(mean),
                new IValue(inverseDeviation),
                optional(weight),
                optional(bias),
                Lists.of(needInput, needWeight, needBias));
    }

    /** Gradient of softmax along an axis, given its result. */
    static Tensor softmaxBackward(Tensor gradient, Tensor result, int axis) {
        return normaliserBackward(SOFTMAX_BACKWARD, gradient, result, axis);
    }

    /** Gradient of the logarithm of softmax along an axis, given its result. */
    static Tensor logSoftmaxBackward(Tensor gradient, Tensor result, int axis) {
        return normaliserBackward(LOG_SOFTMAX_BACKWARD, gradient, result, axis);
    }

    private static Tensor normaliserBackward(OperatorHandle operator, Tensor gradient, Tensor result, int axis) {
        return call(
                        operator,
                        new IValue(gradient),
                        new IValue(result),
                        new IValue((long) axis),
                        new IValue(result.scalar_type()))
                .get(0);
    }

    private static List<Tensor> call(OperatorHandle operator, IValue... arguments) {
        IValueVector stack = new IValueVector();
        for (IValue argument : arguments) {
            stack.push_back(argument);
        }
        operator.callBoxed(stack);
        // What toTensor returns lies inside the stack, hence the copies.
        Tensor[] results = new Tensor[(int) stack.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = new Tensor(stack.get(i).toTensor());
        }
        return List.of(results);
    }

    private static IValue optional(Tensor tensor) {
        return tensor == null ? NONE : new IValue(tensor);
    }

    private static OperatorHandle operator(String name) {
        return lasting(Dispatcher.singleton().findSchemaOrThrow(name, ""));
    }

    /** Exempts a native object from the scope it was made in: it lives as long as the process. */
    static <P extends Pointer> P lasting(P pointer) {
        pointer.retainReference();
        return pointer;
    }
}
