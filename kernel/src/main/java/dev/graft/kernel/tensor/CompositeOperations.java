package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Normalisations, rotary positions and losses, with the engine's own backward functions. */
final class CompositeOperations {
    private CompositeOperations() {}

    static ArrayTensor layerNorm(
            GraftTensors tensors, ArrayTensor x, ArrayTensor weight, ArrayTensor bias, double epsilon) {
        Engine engine = tensors.engine();
        ArrayTensor w = weight == null ? null : ElementOperations.cast(tensors, weight, x.dtype());
        ArrayTensor b = bias == null ? null : ElementOperations.cast(tensors, bias, x.dtype());
        Normalization.Normalized forward =
                engine.layerNorm(x.array(), w == null ? null : w.array(), b == null ? null : b.array(), epsilon);
        return normalized(tensors, x, w, b, forward, (gradient, input, parameters) -> {
            Array weightArray = w == null ? null : w.held().array();
            return engine.layerNormBackward(gradient, x.held().array(), weightArray, forward, input, parameters);
        });
    }

    static ArrayTensor rmsNorm(GraftTensors tensors, ArrayTensor x, ArrayTensor weight, double epsilon) {
        Engine engine = tensors.engine();
        ArrayTensor w = ElementOperations.cast(tensors, weight, x.dtype());
        Normalization.Normalized forward = engine.rmsNorm(x.array(), w.array(), epsilon);
        return normalized(
                tensors,
                x,
                w,
                null,
                forward,
                (gradient, input, parameters) -> engine.rmsNormBackward(
                        gradient, x.held().array(), w.held().array(), forward, input, parameters));
    }

    private interface NormBackward {
        Normalization.Gradients apply(Array gradient, boolean needInput, boolean needParameters);
    }

    private static ArrayTensor normalized(
            GraftTensors tensors,
            ArrayTensor x,
            ArrayTensor weight,
            ArrayTensor bias,
            Normalization.Normalized forward,
            NormBackward backward) {
        List<ArrayTensor> operands = Arrays.asList(x, weight, bias);
        List<Held> statistics = new ArrayList<>();
        for (Array statistic : Arrays.asList(forward.mean(), forward.inverseDeviation())) {
            if (statistic != null) {
                statistics.add(Held.owned(statistic));
            }
        }
        List<Held> saved = new ArrayList<>(statistics);
        saved.add(x.held());
        if (weight != null) {
            saved.add(weight.held());
        }
        ArrayTensor result = tensors.result(forward.output(), operands, saved, (gradient, needed) -> {
            Normalization.Gradients all = backward.apply(gradient.array(), needed[0], needed[1] || needed[2]);
            return new Held[] {owned(all.input()), owned(all.weight()), owned(all.bias())};
        });
        statistics.forEach(Held::release);
        return result;
    }

    static ArrayTensor rotary(GraftTensors tensors, ArrayTensor x, ArrayTensor cos, ArrayTensor sin) {
        Engine engine = tensors.engine();
        Array y = engine.rotary(x.array(), cos.array(), sin.array(), false);
        Held c = cos.held();
        Held s = sin.held();
        return tensors.result(y, List.of(x), List.of(c, s), (gradient, needed) ->
                new Held[] {Held.owned(engine.rotary(gradient.array(), c.array(), s.array(), true))});
    }

    static ArrayTensor crossEntropy(GraftTensors tensors, ArrayTensor logits, ArrayTensor labels) {
        Engine engine = tensors.engine();
        Losses.CrossEntropy forward = engine.crossEntropy(logits.array(), labels.array());
        Held x = logits.held();
        Held y = labels.held();
        return loss(tensors, forward, List.of(logits), List.of(x, y), (gradient, needed) ->
                new Held[] {Held.owned(engine.crossEntropyBackward(gradient.array(), x.array(), y.array(), forward))});
    }

    static ArrayTensor linearCrossEntropy(
            GraftTensors tensors, ArrayTensor x, FrozenMatrix weight, ArrayTensor bias, ArrayTensor labels) {
        Engine engine = tensors.engine();
        boolean training = tensors.recorded(List.of(x));
        Losses.CrossEntropy forward = engine.linearCrossEntropy(
                x.array(), weight, bias == null ? null : bias.array(), labels.array(), training);
        return loss(tensors, forward, List.of(x), List.of(), (gradient, needed) ->
                new Held[] {Held.owned(engine.linearCrossEntropyBackward(gradient.array(), forward))});
    }

    private static ArrayTensor loss(
            GraftTensors tensors,
            Losses.CrossEntropy forward,
            List<ArrayTensor> operands,
            List<Held> operandsSaved,
            Node.Backward backward) {
        List<Held> saved = new ArrayList<>(operandsSaved);
        Held own = forward.saved() == null ? null : Held.owned(forward.saved());
        if (own != null) {
            saved.add(own);
        }
        ArrayTensor result = tensors.result(forward.losses(), operands, saved, backward);
        if (own != null) {
            own.release();
        }
        return result;
    }

    private static Held owned(Array array) {
        return array == null ? null : Held.owned(array);
    }
}
