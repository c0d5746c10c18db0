package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import java.util.List;

/** Element-wise operations of one tensor and their gradients. */
final class ElementOperations {
    private ElementOperations() {}

    static ArrayTensor unary(GraftTensors tensors, Unary function, ArrayTensor x) {
        Engine engine = tensors.ready();
        Array y = engine.unary(function, x.array());
        if (function == Unary.SIGN) {
            return tensors.result(y);
        }
        if (function == Unary.NEG) {
            return tensors.result(
                    y, List.of(x), gradients -> gradients.give(0, engine.unary(Unary.NEG, gradients.ofResult())));
        }
        Held result = Held.owned(y);
        Held read = function.slopeFromResult() ? result : x.held();
        return tensors.result(
                result,
                List.of(x),
                List.of(read),
                gradients -> gradients.give(
                        0, engine.unaryBackward(function, gradients.ofResult(), read.array(), read.array())));
    }

    static ArrayTensor withNumber(GraftTensors tensors, Binary function, ArrayTensor x, double number) {
        Engine engine = tensors.ready();
        Array y = engine.binary(function, x.array(), number);
        List<ArrayTensor> operands = List.of(x);
        Held held = x.held();
        return switch (function) {
            case ADD, SUB -> tensors.result(y, operands, gradients -> gradients.pass(0));
            case MUL, DIV ->
                tensors.result(
                        y,
                        operands,
                        gradients -> gradients.give(0, engine.binary(function, gradients.ofResult(), number)));
            case MAX ->
                tensors.result(
                        Held.owned(y),
                        operands,
                        List.of(held),
                        gradients -> giveWithin(engine, gradients, held.array(), number, Double.POSITIVE_INFINITY));
            case MIN ->
                tensors.result(
                        Held.owned(y),
                        operands,
                        List.of(held),
                        gradients -> giveWithin(engine, gradients, held.array(), Double.NEGATIVE_INFINITY, number));
            case POW ->
                tensors.result(Held.owned(y), operands, List.of(held), gradients -> {
                    try (Array power = engine.binary(Binary.POW, held.array(), number - 1);
                            Array slope = engine.binary(Binary.MUL, power, number)) {
                        gradients.give(0, engine.binary(Binary.MUL, gradients.ofResult(), slope));
                    }
                });
            case EQ, NE, LT, LE, GT, GE, AND, OR -> tensors.result(y);
        };
    }

    static ArrayTensor clamp(GraftTensors tensors, ArrayTensor x, double low, double high) {
        Engine engine = tensors.ready();
        Held held = x.held();
        try (Array raised = engine.binary(Binary.MAX, x.array(), low)) {
            Array y = engine.binary(Binary.MIN, raised, high);
            return tensors.result(
                    Held.owned(y),
                    List.of(x),
                    List.of(held),
                    gradients -> giveWithin(engine, gradients, held.array(), low, high));
        }
    }

    /** The gradient where the argument lies in {@code [low, high]}, else 0. */
    private static void giveWithin(Engine engine, OperandGradients gradients, Array argument, double low, double high) {
        try (Array above = engine.binary(Binary.GE, argument, low);
                Array below = engine.binary(Binary.LE, argument, high);
                Array within = engine.binary(Binary.AND, above, below);
                Array zero = engine.full(Shape.of(), argument.dtype(), 0)) {
            gradients.give(0, engine.where(within, gradients.ofResult(), zero));
        }
    }

    static ArrayTensor cast(GraftTensors tensors, ArrayTensor x, DType dtype) {
        DType from = x.dtype();
        if (from == dtype) {
            return x;
        }
        Engine engine = tensors.ready();
        Array y = engine.cast(x.array(), dtype);
        return dtype.isFloating()
                ? tensors.result(y, List.of(x), gradients -> gradients.give(0, engine.cast(gradients.ofResult(), from)))
                : tensors.result(y);
    }

    static ArrayTensor dropout(GraftTensors tensors, ArrayTensor x, double probability, RandomStream random) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("dropout probability " + probability + " is not in [0, 1]");
        }
        if (probability == 0) {
            return x;
        }
        Engine engine = tensors.ready();
        double factor = probability == 1 ? 0 : 1 / (1 - probability);
        try (Array drawn = engine.uniform(x.shape(), DType.FLOAT32, random.next());
                Array zero = engine.full(Shape.of(), x.dtype(), 0)) {
            ArrayTensor kept = tensors.result(engine.binary(Binary.GE, drawn, probability));
            Held truth = kept.held();
            Array y = engine.where(truth.array(), x.array(), zero);
            ArrayTensor result = tensors.result(Held.owned(y), List.of(x), List.of(truth), gradients -> {
                try (Array none = engine.full(Shape.of(), gradients.ofResult().dtype(), 0);
                        Array passed = engine.where(truth.array(), gradients.ofResult(), none)) {
                    gradients.give(0, engine.binary(Binary.MUL, passed, factor));
                }
            });
            engine.scaleInPlace(y, factor);
            return result;
        }
    }
}
