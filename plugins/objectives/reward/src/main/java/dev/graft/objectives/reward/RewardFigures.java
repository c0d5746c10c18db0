package dev.graft.objectives.reward;

import dev.graft.spi.objective.Loss.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers figures over pairs, under TRL's names. */
final class RewardFigures {
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private double sum;
    private double lead;
    private long right;
    private long pairs;

    /** Takes pairs in: rewards of better and worse answers in turn. */
    void add(float[] rewards) {
        for (int i = 0; i < rewards.length; i += 2) {
            smallest = Math.min(smallest, Math.min(rewards[i], rewards[i + 1]));
            largest = Math.max(largest, Math.max(rewards[i], rewards[i + 1]));
            sum += (double) rewards[i] + rewards[i + 1];
            lead += (double) rewards[i] - rewards[i + 1];
            right += rewards[i] > rewards[i + 1] ? 1 : 0;
            pairs++;
        }
    }

    long pairs() {
        return pairs;
    }

    /** The means as sums with their weights. */
    Map<String, Metric> metrics() {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", new Metric(right, pairs));
        metrics.put("margin", new Metric(lead, pairs));
        metrics.put("mean_reward", new Metric(sum, 2.0 * pairs));
        return metrics;
    }

    double smallest() {
        return smallest;
    }

    double largest() {
        return largest;
    }
}
