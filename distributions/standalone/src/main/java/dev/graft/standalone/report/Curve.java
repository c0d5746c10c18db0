package dev.graft.standalone.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run went.
 *
 * @param title what stands above the picture
 * @param figure what is drawn: the loss, or the score of the model's own answers where it learns from them
 * @param train that figure in training
 * @param evaluation that figure in evaluation
 * @param learningRate learning rate
 */
public record Curve(String title, String figure, List<Point> train, List<Point> evaluation, List<Point> learningRate) {
    /** The smoothed loss averages over this share of the run on either side of a point. */
    private static final int SHARE = 40;

    /** Copies the lists. */
    public Curve {
        train = List.copyOf(train);
        evaluation = List.copyOf(evaluation);
        learningRate = List.copyOf(learningRate);
    }

    /** The curve that the lines of a {@link MetricsFile} tell; figures that are no finite numbers are left out. */
    public static Curve of(String title, List<JsonNode> metrics) {
        List<Point> rates = points(metrics, "learning_rate");
        List<Point> scores = points(metrics, "rollout_score");
        return scores.isEmpty()
                ? new Curve(title, "loss", points(metrics, "loss"), points(metrics, "eval_loss"), rates)
                : new Curve(title, "score", scores, points(metrics, "eval_score"), rates);
    }

    /**
     * The figure in training smoothed by a centred mean, which does not lag behind; near either end the mean is over fewer
     * points, as many before as after.
     */
    public List<Point> smoothed() {
        double[] sums = new double[train.size() + 1];
        for (int i = 0; i < train.size(); i++) {
            sums[i + 1] = sums[i] + train.get(i).value();
        }
        List<Point> smooth = new ArrayList<>();
        for (int i = 0; i < train.size(); i++) {
            int reach = Math.min(train.size() / SHARE, Math.min(i, train.size() - 1 - i));
            double mean = (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
            smooth.add(new Point(train.get(i).step(), mean));
        }
        return smooth;
    }

    private static List<Point> points(List<JsonNode> metrics, String name) {
        List<Point> points = new ArrayList<>();
        for (JsonNode line : metrics) {
            JsonNode value = line.path(name);
            if (value.isNumber() && Double.isFinite(value.doubleValue())) {
                points.add(new Point(line.path("step").doubleValue(), value.doubleValue()));
            }
        }
        return points;
    }
}
