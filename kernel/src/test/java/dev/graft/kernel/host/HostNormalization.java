package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;

/** Normalisation over the last axis, both kinds by the same formulas: the mean is 0 in the RMS kind. */
interface HostNormalization extends HostMemory {
    @Override
    default Normalized layerNorm(Array x, Array weight, Array bias, double epsilon) {
        return normalise(x, weight, bias, epsilon, true);
    }

    @Override
    default Normalized rmsNorm(Array x, Array weight, double epsilon) {
        return normalise(x, weight, null, epsilon, false);
    }

    @Override
    default Gradients layerNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        return backward(gradient, x, weight, forward, needInput, needParameters);
    }

    @Override
    default Gradients rmsNormBackward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        return backward(gradient, x, weight, forward, needInput, needParameters);
    }

    private Normalized normalise(Array x, Array weight, Array bias, double epsilon, boolean centred) {
        int width = Math.toIntExact(x.shape().size(-1));
        double[] values = values(x);
        double[] scale = weight == null ? null : values(weight);
        double[] shift = bias == null ? null : values(bias);
        int rows = values.length / Math.max(1, width);
        double[] means = new double[rows];
        double[] inverse = new double[rows];
        for (int row = 0; row < rows; row++) {
            int from = row * width;
            for (int i = 0; i < width && centred; i++) {
                means[row] += values[from + i] / width;
            }
            double variance = 0;
            for (int i = 0; i < width; i++) {
                double deviation = values[from + i] - means[row];
                variance += deviation * deviation / width;
            }
            inverse[row] = 1 / Math.sqrt(variance + epsilon);
            for (int i = 0; i < width; i++) {
                double normal = (values[from + i] - means[row]) * inverse[row];
                values[from + i] = normal * (scale == null ? 1 : scale[i]) + (shift == null ? 0 : shift[i]);
            }
        }
        Shape perRow = x.shape().without(-1);
        return new Normalized(
                make(values, x.shape(), x.dtype()),
                centred ? make(means, perRow, HostLosses.atLeastSingle(x.dtype())) : null,
                make(inverse, perRow, HostLosses.atLeastSingle(x.dtype())));
    }

    private Gradients backward(
            Array gradient, Array x, Array weight, Normalized forward, boolean needInput, boolean needParameters) {
        int width = Math.toIntExact(x.shape().size(-1));
        double[] dy = values(gradient);
        double[] values = values(x);
        double[] scale = weight == null ? null : values(weight);
        double[] means = forward.mean() == null ? null : values(forward.mean());
        double[] inverse = values(forward.inverseDeviation());
        double[] dx = new double[values.length];
        double[] dWeight = new double[width];
        double[] dBias = new double[width];
        for (int row = 0; row < inverse.length; row++) {
            double sum = 0;
            double inner = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                values[i] = (values[i] - (means == null ? 0 : means[row])) * inverse[row];
                dWeight[i % width] += dy[i] * values[i];
                dBias[i % width] += dy[i];
                dy[i] *= scale == null ? 1 : scale[i % width];
                sum += dy[i] / width;
                inner += dy[i] * values[i] / width;
            }
            for (int i = row * width; i < (row + 1) * width; i++) {
                dx[i] = (dy[i] - (means == null ? 0 : sum) - values[i] * inner) * inverse[row];
            }
        }
        boolean hasWeight = needParameters && weight != null;
        return new Gradients(
                needInput ? make(dx, x.shape(), x.dtype()) : null,
                hasWeight ? make(dWeight, weight.shape(), weight.dtype()) : null,
                needParameters && means != null ? make(dBias, Shape.of(width), x.dtype()) : null);
    }
}
