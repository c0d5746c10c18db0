package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Indexing;
import dev.graft.spi.engine.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** {@link Indexing} on libtorch. Reshapes of what does not lie in one piece copy; everything else that can be is a view. */
interface TorchIndexing extends Indexing {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Array reshape(Array x, Shape shape) {
        if (x.shape().elements() != shape.elements()) {
            throw new IllegalArgumentException("an array of shape " + x.shape() + " does not reshape to " + shape
                    + ", which has " + shape.elements() + " elements instead of "
                    + x.shape().elements());
        }
        TorchArray array = TorchArray.of(x);
        return ledger().view("reshape", array, () -> array.tensor().reshape(shape.toArray()));
    }

    @Override
    default Array permute(Array x, int... order) {
        if (order.length != x.shape().rank()) {
            throw new IllegalArgumentException("permute: " + order.length + " axes were given for shape " + x.shape());
        }
        TorchArray array = TorchArray.of(x);
        long[] axes = new long[order.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = order[i];
        }
        return ledger().view("permute", array, () -> array.tensor().permute(axes));
    }

    @Override
    default Array slice(Array x, int axis, long from, long to) {
        long size = x.shape().size(axis);
        if (from < 0 || to < from || to > size) {
            throw new IndexOutOfBoundsException(
                    "slice " + from + " to " + to + " lies outside axis " + axis + " of shape " + x.shape());
        }
        TorchArray array = TorchArray.of(x);
        return ledger().view("slice", array, () -> array.tensor().narrow(axis, from, to - from));
    }

    @Override
    default Array expand(Array x, Shape shape) {
        if (!x.shape().broadcast(shape).equals(shape)) {
            throw new IllegalArgumentException("an array of shape " + x.shape() + " does not stretch to " + shape);
        }
        TorchArray array = TorchArray.of(x);
        return ledger().view("expand", array, () -> array.tensor().expand(shape.toArray(), false));
    }

    @Override
    default Array concat(List<Array> parts, int axis) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("concat: no arrays were given, but there must be one at least");
        }
        Array first = parts.get(0);
        int along = first.shape().axis(axis);
        Tensor[] tensors = new Tensor[parts.size()];
        for (int i = 0; i < tensors.length; i++) {
            Array part = parts.get(i);
            Checks.sameDType("concat", first, part);
            if (part.shape().rank() != first.shape().rank()
                    || !part.shape().with(along, 0).equals(first.shape().with(along, 0))) {
                throw new IllegalArgumentException("concat: shapes " + first.shape() + " and " + part.shape()
                        + " differ in more than axis " + along);
            }
            tensors[i] = TorchArray.tensor(part);
        }
        return ledger().array("concat", () -> torch.cat(new TensorVector(tensors), along));
    }

    @Override
    default Array select(Array x, int axis, Array index) {
        Checks.index("select", index);
        int along = x.shape().axis(axis);
        return picked(
                "select",
                index,
                x.shape().size(along),
                () -> torch.index_select(TorchArray.tensor(x), along, TorchArray.tensor(index)));
    }

    @Override
    default void selectAddInPlace(Array target, int axis, Array index, Array source) {
        Checks.index("select add", index);
        Checks.sameDType("select add", target, source);
        int along = target.shape().axis(axis);
        ledger().act(
                        "select add",
                        () -> TorchArray.tensor(target)
                                .index_add_(along, TorchArray.tensor(index), TorchArray.tensor(source)));
    }

    @Override
    default Array gather(Array x, int axis, Array index) {
        Checks.index("gather", index);
        int along = x.shape().axis(axis);
        return picked(
                "gather",
                index,
                x.shape().size(along),
                () -> torch.gather(TorchArray.tensor(x), along, TorchArray.tensor(index)));
    }

    @Override
    default void gatherAddInPlace(Array target, int axis, Array index, Array source) {
        Checks.index("gather add", index);
        Checks.sameDType("gather add", target, source);
        int along = target.shape().axis(axis);
        ledger().act(
                        "gather add",
                        () -> TorchArray.tensor(target)
                                .scatter_add_(along, TorchArray.tensor(index), TorchArray.tensor(source)));
    }

    @Override
    default Array embedding(Array table, Array ids) {
        Checks.rank("embedding", table, 2);
        Checks.index("embedding", ids);
        return picked(
                "embedding",
                ids,
                table.shape().size(0),
                () -> torch.embedding(TorchArray.tensor(table), TorchArray.tensor(ids)));
    }

    /**
     * Picks elements. libtorch finds an index out of range on its way; which one it was is looked up afterwards.
     *
     * @throws IndexOutOfBoundsException if an index does not lie in {@code [0, size)}
     */
    private Array picked(String operation, Array index, long size, Supplier<Tensor> body) {
        try {
            return ledger().array(operation, body);
        } catch (IllegalArgumentException refused) {
            long[] extremes = ledger().run(operation, () -> {
                Tensor tensor = TorchArray.tensor(index);
                return new long[] {tensor.min().item_long(), tensor.max().item_long()};
            });
            if (extremes[0] >= 0 && extremes[1] < size) {
                throw refused;
            }
            long found = extremes[0] < 0 ? extremes[0] : extremes[1];
            throw (IndexOutOfBoundsException) new IndexOutOfBoundsException(
                            operation + ": index " + found + " was found, but must lie in [0, " + size + ")")
                    .initCause(refused);
        }
    }
}
