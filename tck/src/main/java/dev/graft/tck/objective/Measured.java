package dev.graft.tck.objective;

import dev.graft.spi.objective.Loss;
import dev.graft.tck.rule.Expect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A loss as numbers.
 *
 * @param sum its sum
 * @param weight what the sum is over
 * @param metrics further figures, sums and weights
 */
record Measured(double sum, double weight, Map<String, Loss.Metric> metrics) {
    /** Reads a loss off. */
    static Measured of(Loss loss) {
        return new Measured(loss.sum().item(), loss.weight(), loss.metrics());
    }

    /** Several losses added up, name by name. */
    static Measured total(List<Measured> parts) {
        double sum = 0;
        double weight = 0;
        Map<String, Loss.Metric> metrics = new TreeMap<>();
        for (Measured part : parts) {
            sum += part.sum;
            weight += part.weight;
            part.metrics.forEach((name, metric) -> metrics.merge(
                    name,
                    metric,
                    (one, other) -> new Loss.Metric(one.sum() + other.sum(), one.weight() + other.weight())));
        }
        return new Measured(sum, weight, metrics);
    }

    /** The mean. */
    double mean() {
        return sum / weight;
    }

    /** Two losses agree in sum and weight. */
    void expect(Measured expected, double tolerance, String when) {
        near(sum, expected.sum, tolerance, "the sum of the loss " + when);
        near(weight, expected.weight, tolerance, "the weight of the loss " + when);
    }

    /** Two losses agree in all of their figures. */
    void expectAll(Measured expected, double tolerance, String when) {
        expect(expected, tolerance, when);
        Expect.equal(metrics.keySet(), expected.metrics.keySet(), "the names of metrics " + when);
        metrics.forEach((name, metric) -> {
            Loss.Metric other = expected.metrics.get(name);
            near(metric.sum(), other.sum(), tolerance, "the sum of the metric " + name + " " + when);
            near(metric.weight(), other.weight(), tolerance, "the weight of the metric " + name + " " + when);
        });
    }

    /** Whether two numbers agree, relative to their size; NaN agrees with nothing. */
    static boolean close(double found, double expected, double tolerance) {
        return Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected));
    }

    /** Two numbers agree. */
    static void near(double found, double expected, double tolerance, String what) {
        Expect.that(
                close(found, expected, tolerance),
                what + " is " + found + " where " + expected + " within " + tolerance + " was expected");
    }
}
