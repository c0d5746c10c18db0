package dev.graft.kernel.train;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.objective.Loss;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gradients of one step: for each task those of its mean loss, and all of them together. Owns its arrays. */
final class TaskGradients implements AutoCloseable {
    private static final String LOSS = "loss";

    /** What one task adds. */
    private static final class Share {
        private final GradientSum sum;
        private int batches;

        Share(GradientSum sum) {
            this.sum = sum;
        }
    }

    private final Engine engine;
    private final int parameters;
    private final Map<Learning, Share> shares = new LinkedHashMap<>();
    private final Map<String, double[]> figures = new LinkedHashMap<>();
    private GradientSum together;

    TaskGradients(Engine engine, int parameters) {
        this.engine = engine;
        this.parameters = parameters;
    }

    /** Takes in a batch; takes the arrays over. */
    void add(Learning learning, Array[] gradients, double meanLoss, Loss loss) {
        Share share = shares.computeIfAbsent(learning, key -> new Share(new GradientSum(engine, parameters)));
        share.sum.add(gradients, meanLoss, loss.weight());
        share.batches++;
        if (!learning.name().isEmpty()) {
            figure(learning.figure(LOSS), meanLoss * loss.weight(), loss.weight());
        }
        loss.metrics().forEach((name, metric) -> figure(learning.figure(name), metric.sum(), metric.weight()));
    }

    /** Takes in a figure to be averaged. */
    void figure(String name, double sum, double weight) {
        double[] figure = figures.computeIfAbsent(name, key -> new double[2]);
        figure[0] += sum;
        figure[1] += weight;
    }

    /** The figures, averaged. */
    Map<String, Double> figures() {
        Map<String, Double> means = new LinkedHashMap<>();
        figures.forEach((name, figure) -> means.put(name, figure[0] / figure[1]));
        return means;
    }

    /** The mean of the tasks' losses by their batches and weights. */
    double loss() {
        if (shares.size() == 1) {
            return shares.values().iterator().next().sum.meanLoss();
        }
        double sum = 0;
        double weights = 0;
        for (Map.Entry<Learning, Share> entry : shares.entrySet()) {
            double weight = entry.getValue().batches * entry.getKey().weight();
            sum += weight * entry.getValue().sum.meanLoss();
            weights += weight;
        }
        return weights == 0 ? 0 : sum / weights;
    }

    /** The gradients of all tasks, each counted by its batches; nothing can be added afterwards. */
    GradientSum sum() {
        if (shares.size() == 1) {
            return shares.values().iterator().next().sum;
        }
        together = new GradientSum(engine, parameters);
        shares.values().forEach(share -> together.add(share.sum, share.batches));
        return together;
    }

    @Override
    public void close() {
        shares.values().forEach(share -> share.sum.close());
        if (together != null) {
            together.close();
        }
    }
}
