package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;
import java.util.List;

/** Operations that move elements. Slices, permutations and stretches are views, and so are reshapes of what is contiguous. */
interface HostIndexing extends HostMemory {
    @Override
    default Array reshape(Array x, Shape shape) {
        HostArray array = (HostArray) x;
        if (shape.elements() != x.shape().elements()) {
            throw new IllegalArgumentException("shape " + x.shape() + " cannot be reshaped to " + shape);
        }
        int[] positions = array.positions();
        for (int i = 1; i < positions.length; i++) {
            if (positions[i] != positions[i - 1] + 1) {
                return make(values(x), shape, x.dtype());
            }
        }
        int[] strides = new int[shape.rank()];
        int step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.toIntExact(shape.size(axis));
        }
        array.elements();
        return array.view(array.offset(), strides, shape);
    }

    @Override
    default Array permute(Array x, int... order) {
        HostArray array = (HostArray) x;
        array.elements();
        int[] old = array.strides();
        int[] strides = new int[order.length];
        long[] sizes = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            int axis = x.shape().axis(order[i]);
            strides[i] = old[axis];
            sizes[i] = x.shape().size(axis);
        }
        return array.view(array.offset(), strides, Shape.of(sizes));
    }

    @Override
    default Array slice(Array x, int axis, long from, long to) {
        HostArray array = (HostArray) x;
        array.elements();
        int resolved = x.shape().axis(axis);
        if (from < 0 || to < from || to > x.shape().size(resolved)) {
            throw new IndexOutOfBoundsException(
                    "slice " + from + " to " + to + " is outside axis " + axis + " of shape " + x.shape());
        }
        int[] strides = array.strides();
        int offset = array.offset() + Math.toIntExact(from) * strides[resolved];
        return array.view(offset, strides, x.shape().with(resolved, to - from));
    }

    @Override
    default Array expand(Array x, Shape shape) {
        HostArray array = (HostArray) x;
        array.elements();
        if (!x.shape().broadcast(shape).equals(shape)) {
            throw new IllegalArgumentException("shape " + x.shape() + " does not stretch to " + shape);
        }
        int[] old = array.strides();
        int[] strides = new int[shape.rank()];
        int added = shape.rank() - x.shape().rank();
        for (int axis = added; axis < shape.rank(); axis++) {
            boolean stretched = x.shape().size(axis - added) == 1 && shape.size(axis) != 1;
            strides[axis] = stretched ? 0 : old[axis - added];
        }
        return array.view(array.offset(), strides, shape);
    }

    @Override
    default Array concat(List<Array> parts, int axis) {
        Shape first = parts.get(0).shape();
        int resolved = first.axis(axis);
        long total =
                parts.stream().mapToLong(part -> part.shape().size(resolved)).sum();
        Array joined = empty(first.with(resolved, total), parts.get(0).dtype());
        long from = 0;
        for (Array part : parts) {
            HostMemory.sameDType(joined, part);
            try (Array place = slice(joined, resolved, from, from + part.shape().size(resolved))) {
                copyInPlace(place, part);
            }
            from += part.shape().size(resolved);
        }
        return joined;
    }

    @Override
    default Array select(Array x, int axis, Array index) {
        int resolved = x.shape().axis(axis);
        int[] sources = selected(x.shape(), resolved, values(index));
        double[] values = values(x);
        double[] picked = Arrays.stream(sources).mapToDouble(i -> values[i]).toArray();
        return make(picked, x.shape().with(resolved, index.shape().elements()), x.dtype());
    }

    @Override
    default void selectAddInPlace(Array target, int axis, Array index, Array source) {
        HostMemory.sameDType(target, source);
        addAt(target, selected(target.shape(), target.shape().axis(axis), values(index)), values(source));
    }

    @Override
    default Array gather(Array x, int axis, Array index) {
        int[] sources = gathered(x.shape(), x.shape().axis(axis), index);
        double[] values = values(x);
        double[] picked = Arrays.stream(sources).mapToDouble(i -> values[i]).toArray();
        return make(picked, index.shape(), x.dtype());
    }

    @Override
    default void gatherAddInPlace(Array target, int axis, Array index, Array source) {
        HostMemory.sameDType(target, source);
        addAt(target, gathered(target.shape(), target.shape().axis(axis), index), values(source));
    }

    private void addAt(Array target, int[] places, double[] source) {
        double[] sum = values(target);
        for (int i = 0; i < places.length; i++) {
            sum[places[i]] += source[i];
        }
        update(target, sum, (old, replacement) -> replacement);
    }

    /** Flat indices of the selected elements, row-major over the result. */
    private static int[] selected(Shape shape, int axis, double[] index) {
        int size = Math.toIntExact(shape.size(axis));
        int inner = HostMemory.product(shape, axis + 1, shape.rank());
        int outer = HostMemory.product(shape, 0, axis);
        int[] sources = new int[outer * index.length * inner];
        int flat = 0;
        for (int o = 0; o < outer; o++) {
            for (double picked : index) {
                for (int i = 0; i < inner; i++) {
                    sources[flat++] = (o * size + within(picked, size)) * inner + i;
                }
            }
        }
        return sources;
    }

    private int[] gathered(Shape shape, int axis, Array index) {
        double[] picked = values(index);
        int[] sources = new int[picked.length];
        for (int i = 0; i < picked.length; i++) {
            int rest = i;
            int step = 1;
            for (int k = shape.rank() - 1; k >= 0; k--) {
                int size = Math.toIntExact(shape.size(k));
                int extent = Math.toIntExact(index.shape().size(k));
                sources[i] += (k == axis ? within(picked[i], size) : rest % extent) * step;
                rest /= extent;
                step *= size;
            }
        }
        return sources;
    }

    private static int within(double index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + (long) index + " is outside [0, " + size + ")");
        }
        return (int) index;
    }

    @Override
    default Array embedding(Array table, Array ids) {
        long[] sizes = Arrays.copyOf(ids.shape().toArray(), ids.shape().rank() + 1);
        sizes[sizes.length - 1] = table.shape().size(1);
        try (Array flat = reshape(ids, Shape.of(ids.shape().elements()));
                Array rows = select(table, 0, flat)) {
            return reshape(rows, Shape.of(sizes));
        }
    }
}
