package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operations that fold, or run along, axes, and their gradients. */
final class FoldOperations {
    private FoldOperations() {}

    static ArrayTensor reduce(
            GraftTensors tensors, ArrayTensor x, Reduction reduction, boolean keep, int... axesGiven) {
        Engine engine = tensors.engine();
        Shape shape = x.shape();
        int[] axes = axesGiven.length == 0
                ? IntStream.range(0, shape.rank()).toArray()
                : Arrays.stream(axesGiven).map(shape::axis).toArray();
        if (axes.length == 0) {
            return x;
        }
        Array y = engine.reduce(reduction, x.array(), axes, keep);
        if (!tensors.recorded(List.of(x))) {
            return tensors.result(y);
        }
        long[] keptSizes = shape.toArray();
        long folded = 1;
        for (int axis : axes) {
            folded *= keptSizes[axis];
            keptSizes[axis] = 1;
        }
        Shape kept = Shape.of(keptSizes);
        if (reduction == Reduction.SUM || reduction == Reduction.MEAN) {
            double factor = reduction == Reduction.SUM ? 1 : 1.0 / folded;
            return tensors.result(y, List.of(x), List.of(), (gradient, needed) -> {
                try (Array stretched = engine.reshape(gradient.array(), kept)) {
                    if (factor == 1) {
                        return new Held[] {Held.owned(engine.expand(stretched, shape))};
                    }
                    try (Array scaled = engine.binary(Binary.MUL, stretched, factor)) {
                        return new Held[] {Held.owned(engine.expand(scaled, shape))};
                    }
                }
            });
        }
        Held result = Held.owned(y);
        Held argument = x.held();
        return tensors.record(result, List.of(x), List.of(result, argument), (gradient, needed) ->
                new Held[] {Held.owned(toFirst(engine, gradient.array(), argument.array(), y, kept, axes))});
    }

    /** Sends a gradient to the first position, in row-major order, that holds the extremum. */
    private static Array toFirst(Engine engine, Array gradient, Array x, Array y, Shape kept, int[] axes) {
        int rank = kept.rank();
        List<Integer> folded = Arrays.stream(axes).sorted().boxed().toList();
        int[] order = IntStream.concat(
                        IntStream.range(0, rank).filter(axis -> !folded.contains(axis)),
                        folded.stream().mapToInt(Integer::intValue))
                .toArray();
        int[] back = new int[rank];
        long outer = 1;
        long inner = 1;
        long[] moved = new long[rank];
        for (int i = 0; i < rank; i++) {
            back[order[i]] = i;
            moved[i] = x.shape().size(order[i]);
            if (folded.contains(order[i])) {
                inner *= moved[i];
            } else {
                outer *= moved[i];
            }
        }
        Shape flat = Shape.of(outer, inner);
        try (Array top = engine.reshape(y, kept);
                Array equal = engine.binary(Binary.EQ, x, top);
                Array arranged = engine.permute(equal, order);
                Array rows = engine.reshape(arranged, flat);
                Array counted = engine.cast(rows, DType.INT64);
                Array first = engine.argMax(counted, 1);
                Array index = engine.reshape(first, Shape.of(outer, 1));
                Array result = engine.full(flat, gradient.dtype(), 0);
                Array arrangedGradient = engine.reshape(gradient, kept);
                Array permuted = engine.permute(arrangedGradient, order);
                Array column = engine.reshape(permuted, Shape.of(outer, 1))) {
            engine.gatherAddInPlace(result, 1, index, column);
            try (Array spread = engine.reshape(result, Shape.of(moved))) {
                return engine.permute(spread, back);
            }
        }
    }

    static ArrayTensor softmax(GraftTensors tensors, ArrayTensor x, int axis, boolean logarithm) {
        Engine engine = tensors.engine();
        Array y = logarithm ? engine.logSoftmax(x.array(), axis) : engine.softmax(x.array(), axis);
        Held result = Held.owned(y);
        return tensors.record(result, List.of(x), List.of(result), (gradient, needed) -> new Held[] {
            Held.owned(
                    logarithm
                            ? engine.logSoftmaxBackward(gradient.array(), y, axis)
                            : engine.softmaxBackward(gradient.array(), y, axis))
        });
    }
}
