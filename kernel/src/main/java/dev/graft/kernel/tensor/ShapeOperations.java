package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/** Operations that move elements, and their gradients. */
final class ShapeOperations {
    private ShapeOperations() {}

    static ArrayTensor reshape(GraftTensors tensors, ArrayTensor x, long... sizes) {
        Engine engine = tensors.ready();
        Shape from = x.shape();
        Array y = engine.reshape(x.array(), resolved(from, sizes));
        return tensors.result(
                y, List.of(x), gradients -> gradients.giveView(engine.reshape(gradients.ofResult(), from)));
    }

    private static Shape resolved(Shape from, long... sizes) {
        long known = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= sizes[i];
            }
        }
        long[] all = sizes.clone();
        if (open >= 0) {
            all[open] = known == 0 ? 0 : from.elements() / known;
        }
        Shape to = Shape.of(all);
        if (to.elements() != from.elements()) {
            throw new IllegalArgumentException("shape " + from + " cannot be read as " + to);
        }
        return to;
    }

    static ArrayTensor permute(GraftTensors tensors, ArrayTensor x, int... order) {
        Engine engine = tensors.ready();
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[x.shape().axis(order[i])] = i;
        }
        Array y = engine.permute(x.array(), order);
        return tensors.result(
                y, List.of(x), gradients -> gradients.giveView(engine.permute(gradients.ofResult(), back)));
    }

    static ArrayTensor slice(GraftTensors tensors, ArrayTensor x, int axis, long from, long to) {
        Shape shape = x.shape();
        if (from < 0 || to > shape.size(axis) || from > to) {
            throw new IndexOutOfBoundsException(
                    "slice [" + from + ", " + to + ") of axis " + axis + " of shape " + shape);
        }
        if (from == 0 && to == shape.size(axis)) {
            return x;
        }
        Engine engine = tensors.ready();
        Array y = engine.slice(x.array(), axis, from, to);
        return tensors.result(y, List.of(x), gradients -> {
            Array whole = zeros(engine, gradients, shape);
            try (Array part = engine.slice(whole, axis, from, to)) {
                engine.copyInPlace(part, gradients.ofResult());
            }
        });
    }

    /** Gives the only operand zeros, to be filled. */
    private static Array zeros(Engine engine, OperandGradients gradients, Shape shape) {
        Array whole = engine.full(shape, gradients.ofResult().dtype(), 0);
        gradients.give(0, whole);
        return whole;
    }

    static ArrayTensor expand(GraftTensors tensors, ArrayTensor x, Shape shape) {
        Shape from = x.shape();
        if (from.equals(shape)) {
            return x;
        }
        Array y = tensors.ready().expand(x.array(), shape);
        return tensors.result(y, List.of(x), gradients -> gradients.pass(0, from));
    }

    static ArrayTensor concat(GraftTensors tensors, List<Tensor> parts, int axis) {
        DType dtype =
                parts.stream().map(Tensor::dtype).reduce(Promotion::meeting).orElseThrow();
        List<ArrayTensor> operands = parts.stream()
                .map(part -> Promotion.to(tensors, (ArrayTensor) part, dtype))
                .toList();
        if (operands.size() == 1) {
            return operands.get(0);
        }
        Engine engine = tensors.ready();
        int along = operands.get(0).shape().axis(axis);
        Array y = engine.concat(operands.stream().map(ArrayTensor::array).toList(), along);
        long[] sizes = operands.stream().mapToLong(part -> part.size(along)).toArray();
        return tensors.result(y, operands, gradients -> {
            long from = 0;
            for (int i = 0; i < sizes.length; i++) {
                if (gradients.needs(i)) {
                    gradients.giveShared(i, engine.slice(gradients.ofResult(), along, from, from + sizes[i]));
                }
                from += sizes[i];
            }
        });
    }

    static ArrayTensor select(GraftTensors tensors, ArrayTensor x, int axis, ArrayTensor index) {
        Engine engine = tensors.ready();
        Shape shape = x.shape();
        Held picked = index.held();
        Held y = Held.owned(engine.select(x.array(), axis, index.array()));
        return tensors.result(
                y,
                List.of(x),
                List.of(picked),
                gradients -> engine.selectAddInPlace(
                        zeros(engine, gradients, shape), axis, picked.array(), gradients.ofResult()));
    }

    static ArrayTensor selectAdd(GraftTensors tensors, ArrayTensor x, int axis, ArrayTensor index, ArrayTensor source) {
        Engine engine = tensors.ready();
        Held picked = index.held();
        Held y = Held.owned(engine.copy(x.array()));
        ArrayTensor added = Promotion.to(tensors, source, x.dtype());
        engine.selectAddInPlace(y.array(), axis, picked.array(), added.array());
        return tensors.result(y, List.of(x, added), List.of(picked), gradients -> {
            if (gradients.needs(1)) {
                gradients.give(1, engine.select(gradients.ofResult(), axis, picked.array()));
            }
            if (gradients.needs(0)) {
                gradients.pass(0);
            }
        });
    }

    static ArrayTensor gather(GraftTensors tensors, ArrayTensor x, int axis, ArrayTensor index) {
        Engine engine = tensors.ready();
        Shape shape = x.shape();
        Held picked = index.held();
        Held y = Held.owned(engine.gather(x.array(), axis, index.array()));
        return tensors.result(
                y,
                List.of(x),
                List.of(picked),
                gradients -> engine.gatherAddInPlace(
                        zeros(engine, gradients, shape), axis, picked.array(), gradients.ofResult()));
    }

    static ArrayTensor embedding(GraftTensors tensors, ArrayTensor table, ArrayTensor ids) {
        Engine engine = tensors.ready();
        Shape shape = table.shape();
        Held looked = ids.held();
        Held y = Held.owned(engine.embedding(table.array(), ids.array()));
        return tensors.result(y, List.of(table), List.of(looked), gradients -> {
            long count = looked.array().shape().elements();
            try (Array flat = engine.reshape(looked.array(), Shape.of(count));
                    Array rows = engine.reshape(gradients.ofResult(), Shape.of(count, shape.size(1)))) {
                engine.selectAddInPlace(zeros(engine, gradients, shape), 0, flat, rows);
            }
        });
    }
}
