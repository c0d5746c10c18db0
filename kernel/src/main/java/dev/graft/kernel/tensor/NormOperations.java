package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Normalisations with the engine's own backward functions. Parameters meet the input in the input's dtype. */
final class NormOperations {
    private NormOperations() {}

    /** The engine's backward function of one kind of normalisation. */
    private interface EngineBackward {
        Normalization.Gradients apply(
                Array gradient,
                Array x,
                Array weight,
                Normalization.Normalized forward,
                boolean needInput,
                boolean needParameters);
    }

    static ArrayTensor layerNorm(
            GraftTensors tensors, ArrayTensor x, ArrayTensor weightGiven, ArrayTensor biasGiven, double epsilon) {
        ArrayTensor weight = Promotion.to(tensors, weightGiven, x.dtype());
        ArrayTensor bias = Promotion.to(tensors, biasGiven, x.dtype());
        Engine engine = tensors.ready();
        Normalization.Normalized forward = engine.layerNorm(x.array(), array(weight), array(bias), epsilon);
        return normalized(tensors, Arrays.asList(x, weight, bias), forward, engine::layerNormBackward);
    }

    static ArrayTensor rmsNorm(GraftTensors tensors, ArrayTensor x, ArrayTensor weightGiven, double epsilon) {
        ArrayTensor weight = Promotion.to(tensors, weightGiven, x.dtype());
        Engine engine = tensors.ready();
        Normalization.Normalized forward = engine.rmsNorm(x.array(), array(weight), epsilon);
        return normalized(tensors, Arrays.asList(x, weight, null), forward, engine::rmsNormBackward);
    }

    private static ArrayTensor normalized(
            GraftTensors tensors,
            List<ArrayTensor> operands,
            Normalization.Normalized forward,
            EngineBackward backward) {
        Held output = Held.owned(forward.output());
        List<Held> statistics = new ArrayList<>(2);
        for (Array statistic : Arrays.asList(forward.mean(), forward.inverseDeviation())) {
            if (statistic != null) {
                statistics.add(Held.owned(statistic));
            }
        }
        try {
            if (!tensors.requires(operands.subList(0, 2))) {
                return tensors.result(
                        output,
                        operands,
                        List.of(),
                        gradients -> MatrixOperations.giveOverRows(tensors.engine(), gradients, 2));
            }
            Held x = operands.get(0).held();
            Held weight = operands.get(1) == null ? null : operands.get(1).held();
            List<Held> saved = new ArrayList<>(statistics);
            saved.add(output);
            saved.add(x);
            if (weight != null) {
                saved.add(weight);
            }
            return tensors.result(output, operands, saved, gradients -> {
                Normalization.Gradients all = backward.apply(
                        gradients.ofResult(),
                        x.array(),
                        weight == null ? null : weight.array(),
                        forward,
                        gradients.needs(0),
                        gradients.needs(1) || gradients.needs(2));
                gradients.give(0, all.input());
                gradients.give(1, all.weight());
                gradients.give(2, all.bias());
            });
        } finally {
            statistics.forEach(Held::release);
        }
    }

    private static Array array(ArrayTensor tensor) {
        return tensor == null ? null : tensor.array();
    }
}
