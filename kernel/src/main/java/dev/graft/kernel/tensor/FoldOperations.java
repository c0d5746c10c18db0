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
        Shape shape = x.shape();
        int[] axes = axesGiven.length == 0
                ? IntStream.range(0, shape.rank()).toArray()
                : Arrays.stream(axesGiven).map(shape::axis).toArray();
        if (axes.length == 0) {
            return x;
        }
        Engine engine = tensors.ready();
        Held y = Held.owned(engine.reduce(reduction, x.array(), axes, keep));
        Shape folded = foldedTo(shape, axes);
        double count = (double) shape.elements() / Math.max(1, folded.elements());
        return switch (reduction) {
            case SUM -> tensors.result(y, List.of(x), List.of(), gradients -> spread(engine, gradients, folded, shape));
            case MEAN ->
                tensors.result(y, List.of(x), List.of(), gradients -> {
                    try (Array scaled = engine.binary(Binary.MUL, gradients.ofResult(), 1 / count);
                            Array kept = engine.reshape(scaled, folded)) {
                        gradients.giveShared(0, engine.expand(kept, shape));
                    }
                });
            case MAX, MIN -> {
                Held argument = x.held();
                yield tensors.result(
                        y,
                        List.of(x),
                        List.of(y, argument),
                        gradients -> gradients.give(
                                0, toFirst(engine, gradients.ofResult(), argument.array(), y.array(), folded)));
            }
        };
    }

    private static Shape foldedTo(Shape shape, int... axes) {
        Shape folded = shape;
        for (int axis : axes) {
            folded = folded.with(axis, 1);
        }
        return folded;
    }

    private static void spread(Engine engine, OperandGradients gradients, Shape folded, Shape shape) {
        try (Array kept = engine.reshape(gradients.ofResult(), folded)) {
            gradients.giveShared(0, engine.expand(kept, shape));
        }
    }

    /** Sends a gradient to the first position, in row-major order, that holds the extremum. */
    private static Array toFirst(Engine engine, Array gradient, Array x, Array y, Shape folded) {
        Shape shape = x.shape();
        int[] order = IntStream.concat(
                        IntStream.range(0, shape.rank()).filter(axis -> !isFolded(shape, folded, axis)),
                        IntStream.range(0, shape.rank()).filter(axis -> isFolded(shape, folded, axis)))
                .toArray();
        int[] back = new int[order.length];
        long[] arranged = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
            arranged[i] = shape.size(order[i]);
        }
        long rows = folded.elements();
        Shape flat = Shape.of(rows, shape.elements() / Math.max(1, rows));
        try (Array extremum = engine.reshape(y, folded);
                Array equal = engine.binary(Binary.EQ, x, extremum);
                Array foldedLast = engine.permute(equal, order);
                Array matrix = engine.reshape(foldedLast, flat);
                Array counted = engine.cast(matrix, DType.INT64);
                Array first = engine.argMax(counted, 1);
                Array index = engine.reshape(first, Shape.of(rows, 1));
                Array column = engine.reshape(gradient, Shape.of(rows, 1));
                Array result = engine.full(flat, gradient.dtype(), 0)) {
            engine.gatherAddInPlace(result, 1, index, column);
            try (Array spread = engine.reshape(result, Shape.of(arranged));
                    Array inPlace = engine.permute(spread, back)) {
                return engine.copy(inPlace);
            }
        }
    }

    private static boolean isFolded(Shape shape, Shape folded, int axis) {
        return folded.size(axis) == 1 && shape.size(axis) != 1;
    }

    static ArrayTensor softmax(GraftTensors tensors, ArrayTensor x, int axis) {
        Engine engine = tensors.ready();
        Held y = Held.owned(engine.softmax(x.array(), axis));
        return tensors.result(
                y,
                List.of(x),
                List.of(y),
                gradients -> gradients.give(0, engine.softmaxBackward(gradients.ofResult(), y.array(), axis)));
    }

    static ArrayTensor logSoftmax(GraftTensors tensors, ArrayTensor x, int axis) {
        Engine engine = tensors.ready();
        Held y = Held.owned(engine.logSoftmax(x.array(), axis));
        return tensors.result(
                y,
                List.of(x),
                List.of(y),
                gradients -> gradients.give(0, engine.logSoftmaxBackward(gradients.ofResult(), y.array(), axis)));
    }
}
