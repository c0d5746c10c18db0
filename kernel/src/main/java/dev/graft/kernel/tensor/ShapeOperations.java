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
        Engine engine = tensors.engine();
        Shape from = x.shape();
        Shape to = resolved(from, sizes);
        Array y = engine.reshape(x.array(), to);
        return tensors.result(y, List.of(x), List.of(), (gradient, needed) ->
                new Held[] {Held.owned(engine.reshape(gradient.array(), from))});
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
        Engine engine = tensors.engine();
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[x.shape().axis(order[i])] = i;
        }
        Array y = engine.permute(x.array(), order);
        return tensors.result(y, List.of(x), List.of(), (gradient, needed) ->
                new Held[] {Held.owned(engine.permute(gradient.array(), back))});
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
        Engine engine = tensors.engine();
        Array y = engine.slice(x.array(), axis, from, to);
        return tensors.result(y, List.of(x), List.of(), (gradient, needed) -> {
            Array whole = engine.full(shape, gradient.array().dtype(), 0);
            try (Array part = engine.slice(whole, axis, from, to)) {
                engine.copyInPlace(part, gradient.array());
            }
            return new Held[] {Held.owned(whole)};
        });
    }

    static ArrayTensor expand(GraftTensors tensors, ArrayTensor x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        Engine engine = tensors.engine();
        Shape from = x.shape();
        Array y = engine.expand(x.array(), shape);
        return tensors.result(y, List.of(x), List.of(), (gradient, needed) ->
                new Held[] {ElementOperations.toShape(engine, gradient.retain(), from)});
    }

    static ArrayTensor concat(GraftTensors tensors, List<Tensor> parts, int axis) {
        DType dtype = parts.get(0).dtype();
        for (Tensor part : parts) {
            dtype = ElementOperations.common(dtype, part.dtype());
        }
        DType common = dtype;
        List<ArrayTensor> operands = parts.stream()
                .map(part -> ElementOperations.cast(tensors, (ArrayTensor) part, common))
                .toList();
        Engine engine = tensors.engine();
        int along = operands.get(0).shape().axis(axis);
        Array y = engine.concat(operands.stream().map(ArrayTensor::array).toList(), along);
        long[] sizes = operands.stream().mapToLong(part -> part.size(along)).toArray();
        return tensors.result(y, operands, List.of(), (gradient, needed) -> {
            Held[] result = new Held[sizes.length];
            long from = 0;
            for (int i = 0; i < sizes.length; i++) {
                if (needed[i]) {
                    result[i] = Held.owned(engine.slice(gradient.array(), along, from, from + sizes[i]));
                }
                from += sizes[i];
            }
            return result;
        });
    }

    static ArrayTensor select(GraftTensors tensors, ArrayTensor x, int axis, ArrayTensor index) {
        Engine engine = tensors.engine();
        Shape shape = x.shape();
        Held picked = index.held();
        Array y = engine.select(x.array(), axis, index.array());
        return tensors.result(y, List.of(x), List.of(picked), (gradient, needed) -> {
            Array whole = engine.full(shape, gradient.array().dtype(), 0);
            engine.selectAddInPlace(whole, axis, picked.array(), gradient.array());
            return new Held[] {Held.owned(whole)};
        });
    }

    static ArrayTensor gather(GraftTensors tensors, ArrayTensor x, int axis, ArrayTensor index) {
        Engine engine = tensors.engine();
        Shape shape = x.shape();
        Held picked = index.held();
        Array y = engine.gather(x.array(), axis, index.array());
        return tensors.result(y, List.of(x), List.of(picked), (gradient, needed) -> {
            Array whole = engine.full(shape, gradient.array().dtype(), 0);
            engine.gatherAddInPlace(whole, axis, picked.array(), gradient.array());
            return new Held[] {Held.owned(whole)};
        });
    }

    static ArrayTensor embedding(GraftTensors tensors, ArrayTensor table, ArrayTensor ids) {
        Engine engine = tensors.engine();
        Shape shape = table.shape();
        Held looked = ids.held();
        Array y = engine.embedding(table.array(), ids.array());
        return tensors.result(y, List.of(table), List.of(looked), (gradient, needed) -> {
            Array whole = engine.full(shape, gradient.array().dtype(), 0);
            long count = looked.array().shape().elements();
            try (Array flat = engine.reshape(looked.array(), Shape.of(count));
                    Array rows = engine.reshape(gradient.array(), Shape.of(count, shape.size(1)))) {
                engine.selectAddInPlace(whole, 0, flat, rows);
            }
            return new Held[] {Held.owned(whole)};
        });
    }
}
