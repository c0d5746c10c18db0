package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Distances between neighbours along each axis, in elements; libtorch's rules for what can be a view. */
final class Strides {
    private Strides() {}

    /** Row-major order. */
    static long[] contiguous(Shape shape) {
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape.size(axis));
        }
        return strides;
    }

    /** Whether every element of the memory belongs to exactly one place, in whatever order of axes. */
    static boolean dense(Shape shape, long[] strides) {
        List<Integer> axes = IntStream.range(0, strides.length)
                .filter(axis -> shape.size(axis) != 1)
                .boxed()
                .sorted(Comparator.comparingLong(axis -> strides[axis]))
                .toList();
        long step = 1;
        for (int axis : axes) {
            if (strides[axis] != step) {
                return false;
            }
            step *= shape.size(axis);
        }
        return true;
    }

    /**
     * The strides under which the same memory has another shape, or null where it has to be copied: axes that are split
     * or joined must follow each other in memory.
     */
    static long[] viewed(Shape shape, long[] strides, Shape wanted) {
        if (shape.elements() == 0) {
            return contiguous(wanted);
        }
        long[] result = new long[wanted.rank()];
        int to = wanted.rank() - 1;
        long chunkStep = shape.rank() == 0 ? 1 : strides[shape.rank() - 1];
        long elements = 1;
        long viewed = 1;
        for (int from = shape.rank() - 1; from >= 0; from--) {
            elements *= shape.size(from);
            boolean ends = from == 0 || (shape.size(from - 1) != 1 && strides[from - 1] != elements * chunkStep);
            if (!ends) {
                continue;
            }
            while (to >= 0 && (viewed < elements || wanted.size(to) == 1)) {
                result[to] = viewed * chunkStep;
                viewed *= wanted.size(to);
                to--;
            }
            if (viewed != elements) {
                return null;
            }
            if (from > 0) {
                chunkStep = strides[from - 1];
                elements = 1;
                viewed = 1;
            }
        }
        while (to >= 0) {
            result[to--] = 1;
        }
        return result;
    }
}
