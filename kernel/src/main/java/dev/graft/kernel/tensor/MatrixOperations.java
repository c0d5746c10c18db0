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
import java.util.stream.IntStream;

/** Products and their gradients. */
final class MatrixOperations {
    private MatrixOperations() {}

    static ArrayTensor matmul(
            GraftTensors tensors, ArrayTensor a, ArrayTensor b, boolean transposeA, boolean transposeB) {
        Shape shape = a.shape();
        if (b.shape().rank() == 2 && shape.rank() != 2 && !transposeA) {
            ArrayTensor rows = ShapeOperations.reshape(tensors, a, -1, shape.size(-1));
            ArrayTensor product = product(tensors, rows, b, false, transposeB);
            return ShapeOperations.reshape(
                    tensors, product, shape.with(-1, product.size(1)).toArray());
        }
        return product(tensors, a, b, transposeA, transposeB);
    }

    private static ArrayTensor product(
            GraftTensors tensors, ArrayTensor left, ArrayTensor right, boolean transposeA, boolean transposeB) {
        DType dtype = Promotion.meeting(left.dtype(), right.dtype());
        ArrayTensor a = Promotion.to(tensors, left, dtype);
        ArrayTensor b = Promotion.to(tensors, right, dtype);
        Engine engine = tensors.ready();
        Held y = Held.owned(engine.matmul(a.array(), b.array(), transposeA, transposeB));
        Held x = narrower(left, a);
        Held z = narrower(right, b);
        List<Held> saved = new ArrayList<>(2);
        if (b.node() != null) {
            saved.add(x);
        }
        if (a.node() != null) {
            saved.add(z);
        }
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return tensors.result(y, List.of(a, b), saved, gradients -> {
            Array g = gradients.ofResult();
            if (gradients.needs(0)) {
                try (Array wide = engine.cast(z.array(), dtype)) {
                    Array forA = transposeA
                            ? engine.matmul(wide, g, transposeB, true)
                            : engine.matmul(g, wide, false, !transposeB);
                    gradients.give(0, forA, shapeA);
                }
            }
            if (gradients.needs(1)) {
                try (Array wide = engine.cast(x.array(), dtype)) {
                    Array forB = transposeB
                            ? engine.matmul(g, wide, true, transposeA)
                            : engine.matmul(wide, g, !transposeA, false);
                    gradients.give(1, forB, shapeB);
                }
            }
        });
    }

    /** What to keep of an operand that was widened to meet the other: whichever form takes less memory. */
    private static Held narrower(ArrayTensor given, ArrayTensor widened) {
        return given.dtype().bytes() < widened.dtype().bytes() ? given.held() : widened.held();
    }

    static ArrayTensor linear(GraftTensors tensors, ArrayTensor x, ArrayTensor weight, ArrayTensor bias) {
        ArrayTensor y = matmul(tensors, x, weight, false, true);
        return bias == null ? y : (ArrayTensor) y.add(bias);
    }

    static ArrayTensor frozenLinear(GraftTensors tensors, ArrayTensor x, FrozenMatrix weight, ArrayTensor biasGiven) {
        ArrayTensor bias = Promotion.to(tensors, biasGiven, x.dtype());
        Engine engine = tensors.ready();
        Array y = engine.linear(x.array(), weight, bias == null ? null : bias.array());
        return tensors.result(y, Arrays.asList(x, bias), gradients -> {
            if (gradients.needs(0)) {
                gradients.give(0, engine.linearInputGradient(gradients.ofResult(), weight));
            }
            if (gradients.needs(1)) {
                giveOverRows(engine, gradients, 1);
            }
        });
    }

    /** Gives an operand of one axis the gradient summed over all axes but the last. */
    static void giveOverRows(Engine engine, OperandGradients gradients, int operand) {
        Array gradient = gradients.ofResult();
        int rank = gradient.shape().rank();
        if (rank == 1) {
            gradients.pass(operand);
        } else {
            int[] rows = IntStream.range(0, rank - 1).toArray();
            gradients.give(operand, engine.reduce(Reduction.SUM, gradient, rows, false));
        }
    }
}
