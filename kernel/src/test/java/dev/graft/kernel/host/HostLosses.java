package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;

/** Cross-entropy. */
interface HostLosses extends HostMemory {
    /** Half-precision dtypes widened to float32. */
    static DType atLeastSingle(DType dtype) {
        return dtype == DType.BFLOAT16 || dtype == DType.FLOAT16 ? DType.FLOAT32 : dtype;
    }

    @Override
    default CrossEntropy crossEntropy(Array logits, Array labels) {
        int classes = Math.toIntExact(logits.shape().size(1));
        double[] values = values(logits);
        double[] label = values(labels);
        double[] losses = new double[label.length];
        for (int row = 0; row < label.length; row++) {
            if (label[row] == IGNORED) {
                continue;
            }
            if (label[row] < 0 || label[row] >= classes) {
                throw new IndexOutOfBoundsException(
                        "label " + (long) label[row] + " is neither -100 nor in [0, " + classes + ")");
            }
            losses[row] = logSum(values, row, classes) - values[row * classes + (int) label[row]];
        }
        return new CrossEntropy(make(losses, labels.shape(), atLeastSingle(logits.dtype())), null);
    }

    private static double logSum(double[] values, int row, int classes) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = row * classes; i < (row + 1) * classes; i++) {
            most = Math.max(most, values[i]);
        }
        double sum = 0;
        for (int i = row * classes; i < (row + 1) * classes; i++) {
            sum += Math.exp(values[i] - most);
        }
        return most + Math.log(sum);
    }

    @Override
    default Array crossEntropyBackward(Array gradient, Array logits, Array labels, CrossEntropy forward) {
        int classes = Math.toIntExact(logits.shape().size(1));
        double[] values = values(logits);
        double[] label = values(labels);
        double[] factors = values(gradient);
        double[] result = new double[values.length];
        for (int row = 0; row < label.length; row++) {
            if (label[row] == IGNORED) {
                continue;
            }
            double log = logSum(values, row, classes);
            for (int i = 0; i < classes; i++) {
                double target = i == (int) label[row] ? 1 : 0;
                result[row * classes + i] = factors[row] * (Math.exp(values[row * classes + i] - log) - target);
            }
        }
        return make(result, logits.shape(), logits.dtype());
    }

    @Override
    default CrossEntropy linearCrossEntropy(Array x, FrozenMatrix weight, Array bias, Array labels, boolean training) {
        try (Array logits = linear(x, weight, bias)) {
            CrossEntropy forward = crossEntropy(logits, labels);
            if (!training) {
                return forward;
            }
            try (Array ones = full(labels.shape(), forward.losses().dtype(), 1);
                    Array toLogits = crossEntropyBackward(ones, logits, labels, forward)) {
                return new CrossEntropy(forward.losses(), linearInputGradient(toLogits, weight));
            }
        }
    }

    @Override
    default Array linearCrossEntropyBackward(Array gradient, CrossEntropy forward) {
        double[] perRow = values(forward.saved());
        double[] factors = values(gradient);
        Shape shape = forward.saved().shape();
        int width = Math.toIntExact(shape.size(1));
        for (int i = 0; i < perRow.length; i++) {
            perRow[i] *= factors[i / width];
        }
        return make(perRow, shape, forward.saved().dtype());
    }
}
