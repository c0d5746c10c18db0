package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import java.util.ArrayList;
import java.util.List;

/** Element-wise operations of two tensors and their gradients. Where extrema tie, the first operand gets the gradient. */
final class BinaryOperations {
    private BinaryOperations() {}

    static ArrayTensor apply(GraftTensors tensors, Binary function, ArrayTensor left, ArrayTensor right) {
        DType dtype = Promotion.meeting(left.dtype(), right.dtype());
        ArrayTensor a = Promotion.to(tensors, left, dtype);
        ArrayTensor b = Promotion.to(tensors, right, dtype);
        Engine engine = tensors.ready();
        Array y = engine.binary(function, a.array(), b.array());
        if (function.isPredicate()) {
            return tensors.result(y);
        }
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        Held x = a.held();
        Held z = b.held();
        return tensors.result(Held.owned(y), List.of(a, b), saved(function, a, b), gradients -> {
            if (gradients.needs(0)) {
                left(engine, function, gradients, x.array(), z.array(), shapeA);
            }
            if (gradients.needs(1)) {
                right(engine, function, gradients, x.array(), z.array(), shapeB);
            }
        });
    }

    private static List<Held> saved(Binary function, ArrayTensor a, ArrayTensor b) {
        boolean forA = a.node() != null;
        boolean forB = b.node() != null;
        boolean readsA = switch (function) {
            case MUL, DIV -> forB;
            case MAX, MIN, POW -> true;
            default -> false;
        };
        boolean readsB = switch (function) {
            case MUL -> forA;
            case DIV, MAX, MIN, POW -> true;
            default -> false;
        };
        List<Held> saved = new ArrayList<>(2);
        if (readsA) {
            saved.add(a.held());
        }
        if (readsB) {
            saved.add(b.held());
        }
        return saved;
    }

    private static void left(
            Engine engine, Binary function, OperandGradients gradients, Array a, Array b, Shape shape) {
        Array g = gradients.ofResult();
        switch (function) {
            case ADD, SUB -> gradients.pass(0, shape);
            case MUL, DIV -> gradients.give(0, engine.binary(function, g, b), shape);
            case MAX -> giveWhere(engine, gradients, 0, Binary.GE, a, b, shape);
            case MIN -> giveWhere(engine, gradients, 0, Binary.LE, a, b, shape);
            case POW -> {
                try (Array less = engine.binary(Binary.SUB, b, 1);
                        Array power = engine.binary(Binary.POW, a, less);
                        Array slope = engine.binary(Binary.MUL, power, b)) {
                    gradients.give(0, engine.binary(Binary.MUL, g, slope), shape);
                }
            }
            default -> throw new IllegalStateException(function + " carries no gradient");
        }
    }

    private static void right(
            Engine engine, Binary function, OperandGradients gradients, Array a, Array b, Shape shape) {
        Array g = gradients.ofResult();
        switch (function) {
            case ADD -> gradients.pass(1, shape);
            case SUB -> gradients.give(1, engine.unary(Unary.NEG, g), shape);
            case MUL -> gradients.give(1, engine.binary(Binary.MUL, g, a), shape);
            case DIV -> {
                try (Array square = engine.unary(Unary.SQUARE, b);
                        Array ratio = engine.binary(Binary.DIV, a, square);
                        Array slope = engine.unary(Unary.NEG, ratio)) {
                    gradients.give(1, engine.binary(Binary.MUL, g, slope), shape);
                }
            }
            case MAX -> giveWhere(engine, gradients, 1, Binary.LT, a, b, shape);
            case MIN -> giveWhere(engine, gradients, 1, Binary.GT, a, b, shape);
            case POW -> {
                try (Array power = engine.binary(Binary.POW, a, b);
                        Array log = engine.unary(Unary.LOG, a);
                        Array slope = engine.binary(Binary.MUL, power, log)) {
                    gradients.give(1, engine.binary(Binary.MUL, g, slope), shape);
                }
            }
            default -> throw new IllegalStateException(function + " carries no gradient");
        }
    }

    private static void giveWhere(
            Engine engine, OperandGradients gradients, int operand, Binary comparison, Array a, Array b, Shape shape) {
        try (Array holds = engine.binary(comparison, a, b);
                Array zero = engine.full(Shape.of(), a.dtype(), 0)) {
            gradients.give(operand, engine.where(holds, gradients.ofResult(), zero), shape);
        }
    }

    static ArrayTensor addScaled(GraftTensors tensors, ArrayTensor x, ArrayTensor other, double factor) {
        if (x.dtype() != other.dtype() || !x.shape().broadcast(other.shape()).equals(x.shape())) {
            return apply(tensors, Binary.ADD, x, ElementOperations.withNumber(tensors, Binary.MUL, other, factor));
        }
        Engine engine = tensors.ready();
        Array y = engine.copy(x.array());
        Shape shape = other.shape();
        ArrayTensor result = tensors.result(y, List.of(x, other), gradients -> {
            if (gradients.needs(0)) {
                gradients.pass(0);
            }
            if (gradients.needs(1)) {
                gradients.give(1, engine.binary(Binary.MUL, gradients.ofResult(), factor), shape);
            }
        });
        engine.addInPlace(y, other.array(), factor);
        return result;
    }

    static ArrayTensor gatedSilu(GraftTensors tensors, ArrayTensor gateGiven, ArrayTensor upGiven) {
        DType dtype = Promotion.meeting(gateGiven.dtype(), upGiven.dtype());
        ArrayTensor gate = Promotion.to(tensors, gateGiven, dtype);
        ArrayTensor up = Promotion.to(tensors, upGiven, dtype);
        Engine engine = tensors.ready();
        Held g = gate.held();
        Held u = up.held();
        Held y = Held.owned(engine.gatedSilu(gate.array(), up.array()));
        return tensors.result(y, List.of(gate, up), List.of(g, u), gradients -> {
            Array[] both = engine.gatedSiluBackward(gradients.ofResult(), g.array(), u.array());
            gradients.give(0, both[0]);
            gradients.give(1, both[1]);
        });
    }

    static ArrayTensor where(GraftTensors tensors, ArrayTensor condition, ArrayTensor left, ArrayTensor right) {
        DType dtype = Promotion.meeting(left.dtype(), right.dtype());
        ArrayTensor a = Promotion.to(tensors, left, dtype);
        ArrayTensor b = Promotion.to(tensors, right, dtype);
        Engine engine = tensors.ready();
        Held truth = condition.held();
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        Held y = Held.owned(engine.where(truth.array(), a.array(), b.array()));
        return tensors.result(y, List.of(a, b), List.of(truth), gradients -> {
            Array g = gradients.ofResult();
            try (Array zero = engine.full(Shape.of(), g.dtype(), 0)) {
                if (gradients.needs(0)) {
                    gradients.give(0, engine.where(truth.array(), g, zero), shapeA);
                }
                if (gradients.needs(1)) {
                    gradients.give(1, engine.where(truth.array(), zero, g), shapeB);
                }
            }
        });
    }
}
