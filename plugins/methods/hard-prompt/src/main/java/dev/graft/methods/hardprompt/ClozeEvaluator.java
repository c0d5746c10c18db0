package dev.graft.methods.hardprompt;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Gathers the mean loss, accuracy, and the mean of F1 over the labels that occur as labels or as answers, where F1 of a
 * label is {@code 2 TP / (2 TP + FP + FN)}.
 */
final class ClozeEvaluator implements Evaluator {
    private final LabelScores scores;
    private final List<String> labels;
    private final long[] right;
    private final long[] occurred;
    private double sum;
    private long examples;

    ClozeEvaluator(LabelScores scores, List<String> labels) {
        this.scores = scores;
        this.labels = labels;
        this.right = new long[labels.size()];
        this.occurred = new long[labels.size()];
    }

    @Override
    public void add(Runner runner, Batch batch) {
        long[] meant = Questions.labels(batch);
        Tensors tensors = runner.tensors();
        long[] answered;
        try (Scope scope = tensors.scope()) {
            answered = tensors.withoutGradient(() -> {
                Tensor found = scores.of(runner, batch);
                sum += found.crossEntropy(tensors.of(meant, Shape.of(meant.length)))
                        .sum()
                        .item();
                return found.argMax(1).longs();
            });
        }
        examples += meant.length;
        for (int i = 0; i < meant.length; i++) {
            occurred[(int) meant[i]]++;
            occurred[(int) answered[i]]++;
            right[(int) meant[i]] += answered[i] == meant[i] ? 1 : 0;
        }
    }

    @Override
    public Map<String, Double> figures() {
        int[] seen = IntStream.range(0, labels.size())
                .filter(label -> occurred[label] > 0)
                .toArray();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum / examples);
        figures.put(
                "accuracy",
                (double) IntStream.of(seen).mapToLong(label -> right[label]).sum() / examples);
        figures.put(
                "macro_f1", IntStream.of(seen).mapToDouble(this::f1).average().orElse(Double.NaN));
        IntStream.of(seen).forEach(label -> figures.put("f1/" + labels.get(label), f1(label)));
        return figures;
    }

    private double f1(int label) {
        return 2.0 * right[label] / occurred[label];
    }
}
