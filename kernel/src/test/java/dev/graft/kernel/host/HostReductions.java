package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;

/** Operations along axes. */
interface HostReductions extends HostMemory {
    /** One run of elements along an axis, replaced in place. */
    @FunctionalInterface
    interface Run {
        /** Replaces the elements at {@code start, start + step, ...}, {@code count} of them. */
        void over(double[] values, int start, int step, int count);
    }

    /** Applies a run to every line of elements along an axis. */
    private static void lines(double[] values, Shape shape, int axis, Run run) {
        int resolved = shape.axis(axis);
        int count = Math.toIntExact(shape.size(resolved));
        int step = HostMemory.product(shape, resolved + 1, shape.rank());
        int outer = HostMemory.product(shape, 0, resolved);
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < step; i++) {
                run.over(values, o * count * step + i, step, count);
            }
        }
    }

    @Override
    default Array reduce(Reduction reduction, Array x, int[] axes, boolean keep) {
        boolean[] folded = new boolean[x.shape().rank()];
        Arrays.fill(folded, axes.length == 0);
        for (int axis : axes) {
            folded[x.shape().axis(axis)] = true;
        }
        Shape kept = x.shape();
        for (int axis = 0; axis < folded.length; axis++) {
            kept = folded[axis] ? kept.with(axis, 1) : kept;
        }
        double[] result = new double[Math.toIntExact(kept.elements())];
        double[] values = values(x);
        if (values.length == 0 && result.length > 0 && (reduction == Reduction.MAX || reduction == Reduction.MIN)) {
            throw new IllegalArgumentException("no elements have no extremum");
        }
        Arrays.fill(
                result,
                switch (reduction) {
                    case SUM, MEAN -> 0;
                    case MAX -> Double.NEGATIVE_INFINITY;
                    case MIN -> Double.POSITIVE_INFINITY;
                });
        int[] targets = targets(kept, x.shape());
        for (int i = 0; i < values.length; i++) {
            double old = result[targets[i]];
            result[targets[i]] = switch (reduction) {
                case SUM, MEAN -> old + values[i];
                case MAX -> Math.max(old, values[i]);
                case MIN -> Math.min(old, values[i]);
            };
        }
        if (reduction == Reduction.MEAN) {
            double count = (double) values.length / Math.max(1, result.length);
            Arrays.setAll(result, i -> result[i] / count);
        }
        Shape shape = kept;
        for (int axis = folded.length - 1; axis >= 0 && !keep; axis--) {
            shape = folded[axis] ? shape.without(axis) : shape;
        }
        return make(result, shape, x.dtype());
    }

    /** For every element of {@code shape}, the flat index of the element of {@code kept} it folds into. */
    private static int[] targets(Shape kept, Shape shape) {
        int[] targets = new int[Math.toIntExact(shape.elements())];
        for (int i = 0; i < targets.length; i++) {
            int rest = i;
            int step = 1;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                int size = (int) shape.size(axis);
                int at = kept.size(axis) == 1 ? 0 : rest % size;
                targets[i] += at * step;
                step *= (int) kept.size(axis);
                rest /= size;
            }
        }
        return targets;
    }

    @Override
    default Array argMax(Array x, int axis) {
        double[] values = values(x);
        lines(values, x.shape(), axis, (v, start, step, count) -> {
            int best = 0;
            for (int k = 1; k < count; k++) {
                best = v[start + k * step] > v[start + best * step] ? k : best;
            }
            v[start] = best;
        });
        try (Array all = make(values, x.shape(), DType.INT64);
                Array first = slice(all, axis, 0, 1)) {
            return reshape(first, x.shape().without(axis));
        }
    }

    @Override
    default Array cumulativeSum(Array x, int axis) {
        return along(x, axis, (v, start, step, count) -> {
            for (int k = 1; k < count; k++) {
                v[start + k * step] += v[start + (k - 1) * step];
            }
        });
    }

    @Override
    default Array softmax(Array x, int axis) {
        return along(x, axis, (v, start, step, count) -> {
            double log = logSum(v, start, step, count);
            for (int k = 0; k < count; k++) {
                v[start + k * step] = Math.exp(v[start + k * step] - log);
            }
        });
    }

    @Override
    default Array logSoftmax(Array x, int axis) {
        return along(x, axis, (v, start, step, count) -> {
            double log = logSum(v, start, step, count);
            for (int k = 0; k < count; k++) {
                v[start + k * step] -= log;
            }
        });
    }

    private static double logSum(double[] v, int start, int step, int count) {
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            most = Math.max(most, v[start + k * step]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += Math.exp(v[start + k * step] - most);
        }
        return most + Math.log(sum);
    }

    @Override
    default Array softmaxBackward(Array gradient, Array y, int axis) {
        double[] result = values(y);
        return along(gradient, axis, (g, start, step, count) -> {
            double inner = 0;
            for (int k = start; k < start + count * step; k += step) {
                inner += g[k] * result[k];
            }
            for (int k = start; k < start + count * step; k += step) {
                g[k] = result[k] * (g[k] - inner);
            }
        });
    }

    @Override
    default Array logSoftmaxBackward(Array gradient, Array y, int axis) {
        double[] result = values(y);
        return along(gradient, axis, (g, start, step, count) -> {
            double sum = 0;
            for (int k = start; k < start + count * step; k += step) {
                sum += g[k];
            }
            for (int k = start; k < start + count * step; k += step) {
                g[k] -= Math.exp(result[k]) * sum;
            }
        });
    }

    private Array along(Array x, int axis, Run run) {
        double[] values = values(x);
        lines(values, x.shape(), axis, run);
        return make(values, x.shape(), x.dtype());
    }

    @Override
    default boolean allFinite(Array x) {
        return Arrays.stream(values(x)).allMatch(Double::isFinite);
    }

    @Override
    default double sumOfSquares(Array x) {
        return Arrays.stream(values(x)).map(value -> value * value).sum();
    }
}
