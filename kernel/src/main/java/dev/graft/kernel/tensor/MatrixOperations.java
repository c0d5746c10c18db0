package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Products and their gradients. */
final class MatrixOperations {
    private MatrixOperations() {}

    static ArrayTensor matmul(
            GraftTensors tensors, ArrayTensor left, ArrayTensor right, boolean transposeA, boolean transposeB) {
        DType dtype = ElementOperations.common(left.dtype(), right.dtype());
        ArrayTensor a = ElementOperations.cast(tensors, left, dtype);
        ArrayTensor b = ElementOperations.cast(tensors, right, dtype);
        Engine engine = tensors.engine();
        Array y = engine.matmul(a.array(), b.array(), transposeA, transposeB);
        List<Held> saved = new ArrayList<>();
        if (b.node() != null) {
            saved.add(a.held());
        }
        if (a.node() != null) {
            saved.add(b.held());
        }
        Held heldA = a.held();
        Held heldB = b.held();
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return tensors.result(y, List.of(a, b), saved, (gradient, needed) -> {
            Array g = gradient.array();
            Held[] result = new Held[2];
            if (needed[0]) {
                Array forA = transposeA
                        ? engine.matmul(heldB.array(), g, transposeB, true)
                        : engine.matmul(g, heldB.array(), false, !transposeB);
                result[0] = ElementOperations.toShape(engine, Held.owned(forA), shapeA);
            }
            if (needed[1]) {
                Array forB = transposeB
                        ? engine.matmul(g, heldA.array(), true, transposeA)
                        : engine.matmul(heldA.array(), g, !transposeA, false);
                result[1] = ElementOperations.toShape(engine, Held.owned(forB), shapeB);
            }
            return result;
        });
    }

    static ArrayTensor linear(GraftTensors tensors, ArrayTensor x, ArrayTensor weight, ArrayTensor bias) {
        Shape shape = x.shape();
        ArrayTensor rows = shape.rank() == 2 ? x : (ArrayTensor) x.reshape(-1, shape.size(-1));
        ArrayTensor y = matmul(tensors, rows, weight, false, true);
        ArrayTensor biased = bias == null ? y : (ArrayTensor) y.add(bias);
        return shape.rank() == 2
                ? biased
                : (ArrayTensor)
                        biased.reshape(shape.with(-1, weight.shape().size(0)).toArray());
    }

    static ArrayTensor frozenLinear(GraftTensors tensors, ArrayTensor x, FrozenMatrix weight, ArrayTensor bias) {
        Engine engine = tensors.engine();
        boolean mixed = bias != null && bias.dtype() != x.dtype();
        ArrayTensor sameBias = mixed ? ElementOperations.cast(tensors, bias, x.dtype()) : bias;
        Array y = engine.linear(x.array(), weight, sameBias == null ? null : sameBias.array());
        List<ArrayTensor> operands = Arrays.asList(x, sameBias);
        return tensors.result(y, operands, List.of(), (gradient, needed) -> {
            Held[] result = new Held[2];
            if (needed[0]) {
                result[0] = Held.owned(engine.linearInputGradient(gradient.array(), weight));
            }
            if (needed[1]) {
                result[1] = Held.owned(overRows(engine, gradient.array()));
            }
            return result;
        });
    }

    /** The sum over all axes but the last. */
    private static Array overRows(Engine engine, Array gradient) {
        int rank = gradient.shape().rank();
        int[] axes = new int[rank - 1];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        return axes.length == 0 ? engine.copy(gradient) : engine.reduce(Reduction.SUM, gradient, axes, false);
    }
}
