package dev.graft.kernel.train;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import java.util.Arrays;

/**
 * Gradients of several batches added up for one optimizer step, so that the step is that of one large batch. Owns its
 * arrays.
 */
final class GradientSum implements AutoCloseable {
    private final Engine engine;
    private final Array[] sums;
    private double weight;
    private double loss;

    GradientSum(Engine engine, int parameters) {
        this.engine = engine;
        this.sums = new Array[parameters];
    }

    /**
     * Takes in the gradients of the mean loss of a batch, with its weight; takes the arrays over. A parameter that a
     * batch did not reach has a gradient of zero there, which counts towards its mean.
     */
    void add(Array[] gradients, double meanLoss, double batchWeight) {
        for (int i = 0; i < sums.length; i++) {
            if (gradients[i] == null) {
                if (sums[i] != null) {
                    engine.scaleInPlace(sums[i], weight / (weight + batchWeight));
                }
                continue;
            }
            if (weight == 0 && sums[i] == null) {
                sums[i] = gradients[i];
                continue;
            }
            if (sums[i] == null) {
                sums[i] = gradients[i];
                engine.scaleInPlace(sums[i], batchWeight / (weight + batchWeight));
                continue;
            }
            engine.scaleInPlace(sums[i], weight / (weight + batchWeight));
            engine.addInPlace(sums[i], gradients[i], batchWeight / (weight + batchWeight));
            gradients[i].close();
        }
        loss += meanLoss * batchWeight;
        weight += batchWeight;
    }

    /**
     * Takes in the mean gradients of another sum, which is empty afterwards.
     *
     * @param counted what they count beside those of others
     */
    void add(GradientSum other, double counted) {
        add(other.sums.clone(), other.meanLoss(), counted);
        Arrays.fill(other.sums, null);
    }

    double meanLoss() {
        return weight == 0 ? 0 : loss / weight;
    }

    double weight() {
        return weight;
    }

    /** The mean gradient of a parameter, or null where nothing reached it. */
    Array gradient(int parameter) {
        return sums[parameter];
    }

    /** Euclidean norm of all gradients together. */
    double norm() {
        double squares = 0;
        for (Array sum : sums) {
            squares += sum == null ? 0 : engine.sumOfSquares(sum);
        }
        return Math.sqrt(squares);
    }

    void scale(double factor) {
        for (Array sum : sums) {
            if (sum != null) {
                engine.scaleInPlace(sum, factor);
            }
        }
    }

    @Override
    public void close() {
        for (Array sum : sums) {
            if (sum != null) {
                sum.close();
            }
        }
        Arrays.fill(sums, null);
    }
}
