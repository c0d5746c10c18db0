package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/** Element-wise operations and their gradients. */
final class ElementOperations {
    private ElementOperations() {}

    static ArrayTensor unary(GraftTensors tensors, Unary function, ArrayTensor x) {
        Engine engine = tensors.engine();
        Array y = engine.unary(function, x.array());
        if (!tensors.recorded(List.of(x)) || function == Unary.SIGN) {
            return tensors.result(y);
        }
        Held result = Held.owned(y);
        List<Held> saved = new ArrayList<>(List.of(result));
        boolean needsX = !fromResult(function);
        if (needsX) {
            saved.add(x.held());
        }
        return tensors.record(result, List.of(x), saved, (gradient, needed) -> {
            Array argument = needsX ? x.held().array() : y;
            return new Held[] {Held.owned(engine.unaryBackward(function, gradient.array(), argument, y))};
        });
    }

    /** Functions whose derivative is told from the result alone. */
    private static boolean fromResult(Unary function) {
        return switch (function) {
            case EXP, SQRT, RSQRT, RECIPROCAL, TANH, SIGMOID, RELU -> true;
            default -> false;
        };
    }

    static ArrayTensor binary(GraftTensors tensors, Binary function, ArrayTensor left, ArrayTensor right) {
        if (function.isPredicate()) {
            return predicate(tensors, function, left, right);
        }
        DType dtype = common(left.dtype(), right.dtype());
        ArrayTensor a = cast(tensors, left, dtype);
        ArrayTensor b = cast(tensors, right, dtype);
        Engine engine = tensors.engine();
        Array y = engine.binary(function, a.array(), b.array());
        List<ArrayTensor> operands = List.of(a, b);
        if (!tensors.recorded(operands)) {
            return tensors.result(y);
        }
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        boolean readsBoth = function != Binary.ADD && function != Binary.SUB && function != Binary.MUL;
        boolean product = function == Binary.MUL || function == Binary.DIV;
        boolean keepA = product ? b.node() != null : readsBoth;
        boolean keepB = function == Binary.MUL ? a.node() != null : readsBoth;
        List<Held> saved = new ArrayList<>();
        if (keepA) {
            saved.add(a.held());
        }
        if (keepB) {
            saved.add(b.held());
        }
        Held heldA = a.held();
        Held heldB = b.held();
        return tensors.result(y, operands, saved, (gradient, needed) -> {
            Array g = gradient.array();
            Held[] result = new Held[2];
            if (needed[0]) {
                result[0] = toShape(engine, forLeft(engine, function, gradient, heldA, heldB), shapeA);
            }
            if (needed[1]) {
                result[1] = toShape(engine, forRight(engine, function, g, gradient, heldA, heldB), shapeB);
            }
            return result;
        });
    }

    private static Held forLeft(Engine engine, Binary function, Held gradient, Held a, Held b) {
        Array g = gradient.array();
        return switch (function) {
            case ADD, SUB -> gradient.retain();
            case MUL -> Held.owned(engine.binary(Binary.MUL, g, b.array()));
            case DIV -> Held.owned(engine.binary(Binary.DIV, g, b.array()));
            case MAX -> Held.owned(masked(engine, g, Binary.GE, a.array(), b.array()));
            case MIN -> Held.owned(masked(engine, g, Binary.LE, a.array(), b.array()));
            case POW -> {
                try (Array less = engine.binary(Binary.SUB, b.array(), 1);
                        Array power = engine.binary(Binary.POW, a.array(), less);
                        Array slope = engine.binary(Binary.MUL, power, b.array())) {
                    yield Held.owned(engine.binary(Binary.MUL, g, slope));
                }
            }
            default -> throw new IllegalStateException(function + " carries no gradient");
        };
    }

    private static Held forRight(Engine engine, Binary function, Array g, Held gradient, Held a, Held b) {
        return switch (function) {
            case ADD -> gradient.retain();
            case SUB -> Held.owned(engine.unary(Unary.NEG, g));
            case MUL -> Held.owned(engine.binary(Binary.MUL, g, a.array()));
            case DIV -> {
                try (Array square = engine.unary(Unary.SQUARE, b.array());
                        Array ratio = engine.binary(Binary.DIV, a.array(), square);
                        Array slope = engine.unary(Unary.NEG, ratio)) {
                    yield Held.owned(engine.binary(Binary.MUL, g, slope));
                }
            }
            case MAX -> Held.owned(masked(engine, g, Binary.LT, a.array(), b.array()));
            case MIN -> Held.owned(masked(engine, g, Binary.GT, a.array(), b.array()));
            case POW -> {
                try (Array power = engine.binary(Binary.POW, a.array(), b.array());
                        Array log = engine.unary(Unary.LOG, a.array());
                        Array slope = engine.binary(Binary.MUL, power, log)) {
                    yield Held.owned(engine.binary(Binary.MUL, g, slope));
                }
            }
            default -> throw new IllegalStateException(function + " carries no gradient");
        };
    }

    private static Array masked(Engine engine, Array gradient, Binary comparison, Array a, Array b) {
        try (Array holds = engine.binary(comparison, a, b);
                Array factor = engine.cast(holds, gradient.dtype())) {
            return engine.binary(Binary.MUL, gradient, factor);
        }
    }

    private static ArrayTensor predicate(GraftTensors tensors, Binary function, ArrayTensor left, ArrayTensor right) {
        DType dtype = common(left.dtype(), right.dtype());
        try (Array a = tensors.engine().cast(left.array(), dtype);
                Array b = tensors.engine().cast(right.array(), dtype)) {
            return tensors.result(tensors.engine().binary(function, a, b));
        }
    }

    static ArrayTensor binary(GraftTensors tensors, Binary function, ArrayTensor a, double b) {
        Engine engine = tensors.engine();
        Array y = engine.binary(function, a.array(), b);
        if (function.isPredicate() || !tensors.recorded(List.of(a))) {
            return tensors.result(y);
        }
        boolean linear =
                function == Binary.ADD || function == Binary.SUB || function == Binary.MUL || function == Binary.DIV;
        Held held = a.held();
        return tensors.result(y, List.of(a), linear ? List.of() : List.of(held), (gradient, needed) -> {
            Array g = gradient.array();
            Held result = switch (function) {
                case ADD, SUB -> gradient.retain();
                case MUL, DIV -> Held.owned(engine.binary(function, g, b));
                case MAX, MIN -> {
                    Binary comparison = function == Binary.MAX ? Binary.GE : Binary.LE;
                    try (Array holds = engine.binary(comparison, held.array(), b);
                            Array factor = engine.cast(holds, g.dtype())) {
                        yield Held.owned(engine.binary(Binary.MUL, g, factor));
                    }
                }
                default -> {
                    try (Array power = engine.binary(Binary.POW, held.array(), b - 1);
                            Array slope = engine.binary(Binary.MUL, power, b)) {
                        yield Held.owned(engine.binary(Binary.MUL, g, slope));
                    }
                }
            };
            return new Held[] {result};
        });
    }

    static ArrayTensor addScaled(GraftTensors tensors, ArrayTensor x, ArrayTensor other, double factor) {
        if (x.dtype() != other.dtype() || !x.shape().broadcast(other.shape()).equals(x.shape())) {
            return binary(tensors, Binary.ADD, x, binary(tensors, Binary.MUL, other, factor));
        }
        Engine engine = tensors.engine();
        Array y = engine.copy(x.array());
        engine.addInPlace(y, other.array(), factor);
        Shape shape = other.shape();
        return tensors.result(y, List.of(x, other), List.of(), (gradient, needed) -> {
            Held[] result = new Held[2];
            if (needed[0]) {
                result[0] = gradient.retain();
            }
            if (needed[1]) {
                Held scaled = Held.owned(engine.binary(Binary.MUL, gradient.array(), factor));
                result[1] = toShape(engine, scaled, shape);
            }
            return result;
        });
    }

    static ArrayTensor gatedSilu(GraftTensors tensors, ArrayTensor gate, ArrayTensor up) {
        Engine engine = tensors.engine();
        Array y = engine.gatedSilu(gate.array(), up.array());
        Held g = gate.held();
        Held u = up.held();
        return tensors.result(y, List.of(gate, up), List.of(g, u), (gradient, needed) -> {
            Array[] both = engine.gatedSiluBackward(gradient.array(), g.array(), u.array());
            return new Held[] {Held.owned(both[0]), Held.owned(both[1])};
        });
    }

    static ArrayTensor clamp(GraftTensors tensors, ArrayTensor x, double low, double high) {
        return binary(tensors, Binary.MIN, binary(tensors, Binary.MAX, x, low), high);
    }

    static ArrayTensor where(GraftTensors tensors, ArrayTensor condition, ArrayTensor a, ArrayTensor b) {
        DType dtype = common(a.dtype(), b.dtype());
        ArrayTensor left = cast(tensors, a, dtype);
        ArrayTensor right = cast(tensors, b, dtype);
        Engine engine = tensors.engine();
        Array y = engine.where(condition.array(), left.array(), right.array());
        Held truth = condition.held();
        Shape shapeA = left.shape();
        Shape shapeB = right.shape();
        return tensors.result(y, List.of(left, right), List.of(truth), (gradient, needed) -> {
            Array g = gradient.array();
            Held[] result = new Held[2];
            try (Array zero = engine.full(Shape.of(), g.dtype(), 0)) {
                if (needed[0]) {
                    result[0] = toShape(engine, Held.owned(engine.where(truth.array(), g, zero)), shapeA);
                }
                if (needed[1]) {
                    result[1] = toShape(engine, Held.owned(engine.where(truth.array(), zero, g)), shapeB);
                }
            }
            return result;
        });
    }

    static ArrayTensor cast(GraftTensors tensors, ArrayTensor x, DType dtype) {
        DType from = x.dtype();
        if (from == dtype) {
            return x;
        }
        Engine engine = tensors.engine();
        Array y = engine.cast(x.array(), dtype);
        if (!dtype.isFloating()) {
            return tensors.result(y);
        }
        return tensors.result(y, List.of(x), List.of(), (gradient, needed) ->
                new Held[] {Held.owned(engine.cast(gradient.array(), from))});
    }

    static ArrayTensor dropout(GraftTensors tensors, ArrayTensor x, double probability, RandomStream random) {
        if (probability == 0) {
            return x;
        }
        Engine engine = tensors.engine();
        try (Array drawn = engine.uniform(x.shape(), DType.FLOAT32, random.next());
                Array kept = engine.binary(Binary.GE, drawn, probability)) {
            Array factor = engine.cast(kept, x.dtype());
            engine.scaleInPlace(factor, 1 / (1 - probability));
            return binary(tensors, Binary.MUL, x, tensors.result(factor));
        }
    }

    /** The dtype in which two operands meet. */
    static DType common(DType a, DType b) {
        if (a == b) {
            return a;
        }
        if (a.isFloating() != b.isFloating()) {
            return a.isFloating() ? a : b;
        }
        if (a.bytes() == b.bytes()) {
            return a.isFloating() ? DType.FLOAT32 : DType.INT64;
        }
        return a.bytes() > b.bytes() ? a : b;
    }

    /** Sums a gradient over the axes along which an operand was stretched; takes it over. */
    static Held toShape(Engine engine, Held gradient, Shape shape) {
        Shape from = gradient.array().shape();
        if (from.equals(shape)) {
            return gradient;
        }
        int added = from.rank() - shape.rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < from.rank(); axis++) {
            if (axis < added || (shape.size(axis - added) == 1 && from.size(axis) != 1)) {
                axes.add(axis);
            }
        }
        int[] folded = axes.stream().mapToInt(Integer::intValue).toArray();
        try (Array summed = folded.length == 0
                ? engine.reshape(gradient.array(), from)
                : engine.reduce(Reduction.SUM, gradient.array(), folded, true)) {
            return Held.owned(engine.reshape(summed, shape));
        } finally {
            gradient.release();
        }
    }
}
