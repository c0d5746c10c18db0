package dev.graft.kernel.continual;

import java.util.Arrays;

/**
 * How well each of T tasks is done after each has been learned: {@code R[i][j]} is the accuracy, or another figure of which
 * more is better, on task j when tasks 0 to i have been learned (Lopez-Paz and Ranzato 2017, Gradient Episodic Memory for
 * Continual Learning, in the section on the framework).
 *
 * @param values R, {@code [T][T]}
 */
public record AccuracyMatrix(double[][] values) {
    /**
     * Copies the values.
     *
     * @throws IllegalArgumentException if they make no square
     */
    public AccuracyMatrix {
        for (double[] row : values) {
            if (row.length != values.length) {
                throw new IllegalArgumentException(
                        "a matrix of " + values.length + " rows has a row of " + row.length + " figures");
            }
        }
        values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    }

    @Override
    public double[][] values() {
        return Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    }

    /** Number of tasks, T. */
    public int tasks() {
        return values.length;
    }

    /** Mean over all tasks at the end: {@code 1/T sum_j R[T-1][j]}. */
    public double average() {
        return Arrays.stream(values[tasks() - 1]).average().orElseThrow();
    }

    /** Mean over tasks of how well each was done when it had just been learned: {@code 1/T sum_j R[j][j]}. */
    public double learned() {
        double sum = 0;
        for (int task = 0; task < tasks(); task++) {
            sum += values[task][task];
        }
        return sum / tasks();
    }

    /**
     * Average forgetting: mean over all tasks but the last of {@code max_i R[i][j] - R[T-1][j]}, the best before the end less
     * what is left (Chaudhry et al. 2018, Riemannian Walk for Incremental Learning, where it is the forgetting measure); 0
     * for a single task.
     */
    public double forgetting() {
        double sum = 0;
        for (int task = 0; task + 1 < tasks(); task++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int after = 0; after + 1 < tasks(); after++) {
                best = Math.max(best, values[after][task]);
            }
            sum += best - values[tasks() - 1][task];
        }
        return sum / Math.max(1, tasks() - 1);
    }

    /**
     * Backward transfer: mean over all tasks but the last of {@code R[T-1][j] - R[j][j]}, what later tasks did to a task
     * (Lopez-Paz and Ranzato 2017); below 0 where it was forgotten, 0 for a single task.
     */
    public double backwardTransfer() {
        double sum = 0;
        for (int task = 0; task + 1 < tasks(); task++) {
            sum += values[tasks() - 1][task] - values[task][task];
        }
        return sum / Math.max(1, tasks() - 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccuracyMatrix matrix && Arrays.deepEquals(values, matrix.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(values);
    }
}
