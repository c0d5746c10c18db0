package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Indexing;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;
import java.util.List;

/** {@link Indexing} without elements: views where libtorch makes views. */
interface MeasuredIndexing extends Indexing {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Array reshape(Array x, Shape shape) {
        MeasuredArray array = MeasuredArray.of(x);
        long[] strides = Strides.viewed(x.shape(), array.strides(), shape);
        return strides == null ? account().fresh(shape, x.dtype()) : array.view(shape, strides);
    }

    @Override
    default Array permute(Array x, int... order) {
        MeasuredArray array = MeasuredArray.of(x);
        long[] sizes = new long[order.length];
        long[] strides = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            int axis = x.shape().axis(order[i]);
            sizes[i] = x.shape().size(axis);
            strides[i] = array.strides()[axis];
        }
        return array.view(Shape.of(sizes), strides);
    }

    @Override
    default Array slice(Array x, int axis, long from, long to) {
        MeasuredArray array = MeasuredArray.of(x);
        return array.view(x.shape().with(axis, to - from), array.strides());
    }

    @Override
    default Array expand(Array x, Shape shape) {
        MeasuredArray array = MeasuredArray.of(x);
        long[] strides = new long[shape.rank()];
        int added = shape.rank() - x.shape().rank();
        for (int axis = added; axis < strides.length; axis++) {
            boolean stretched = x.shape().size(axis - added) != shape.size(axis);
            strides[axis] = stretched ? 0 : array.strides()[axis - added];
        }
        return array.view(shape, strides);
    }

    @Override
    default Array concat(List<Array> parts, int axis) {
        Shape shape = parts.get(0).shape();
        long size = parts.stream().mapToLong(part -> part.shape().size(axis)).sum();
        return account().fresh(shape.with(axis, size), parts.get(0).dtype());
    }

    @Override
    default Array select(Array x, int axis, Array index) {
        return account().fresh(x.shape().with(axis, index.shape().elements()), x.dtype());
    }

    @Override
    default void selectAddInPlace(Array target, int axis, Array index, Array source) {
        MeasuredArray.of(target);
    }

    @Override
    default Array gather(Array x, int axis, Array index) {
        return account().fresh(index.shape(), x.dtype());
    }

    @Override
    default void gatherAddInPlace(Array target, int axis, Array index, Array source) {
        MeasuredArray.of(target);
    }

    @Override
    default Array embedding(Array table, Array ids) {
        long[] sizes = Arrays.copyOf(ids.shape().toArray(), ids.shape().rank() + 1);
        sizes[sizes.length - 1] = table.shape().size(1);
        return account().fresh(Shape.of(sizes), table.dtype());
    }
}
