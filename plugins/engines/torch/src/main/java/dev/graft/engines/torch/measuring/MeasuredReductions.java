package dev.graft.engines.torch.measuring;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Reductions;
import dev.graft.spi.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@link Reductions} without elements: everything is finite, and every sum of squares is 1. */
interface MeasuredReductions extends Reductions {
    /** Where bytes are counted. */
    Account account();

    @Override
    default Array reduce(Reduction reduction, Array x, int[] axes, boolean keep) {
        int rank = x.shape().rank();
        Set<Integer> folded = (axes.length == 0 ? IntStream.range(0, rank) : IntStream.of(axes))
                .map(axis -> x.shape().axis(axis))
                .boxed()
                .collect(Collectors.toSet());
        List<Long> sizes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (!folded.contains(axis)) {
                sizes.add(x.shape().size(axis));
            } else if (keep) {
                sizes.add(1L);
            }
        }
        Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
        return account().fresh(shape, x.dtype() == DType.BOOL ? DType.INT64 : x.dtype());
    }

    @Override
    default Array argMax(Array x, int axis) {
        return account().fresh(x.shape().without(axis), DType.INT64);
    }

    @Override
    default Array cumulativeSum(Array x, int axis) {
        return account().fresh(x.shape(), x.dtype());
    }

    @Override
    default Array softmax(Array x, int axis) {
        return account().fresh(x.shape(), x.dtype());
    }

    @Override
    default Array softmaxBackward(Array gradient, Array y, int axis) {
        return account().fresh(y.shape(), y.dtype());
    }

    @Override
    default Array logSoftmax(Array x, int axis) {
        return account().fresh(x.shape(), x.dtype());
    }

    @Override
    default Array logSoftmaxBackward(Array gradient, Array y, int axis) {
        return account().fresh(y.shape(), y.dtype());
    }

    @Override
    default boolean allFinite(Array x) {
        return true;
    }

    @Override
    default double sumOfSquares(Array x) {
        return 1;
    }
}
