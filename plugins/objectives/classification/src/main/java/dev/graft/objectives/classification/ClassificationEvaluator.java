package dev.graft.objectives.classification;

import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers the loss, the share of examples given their class, and F1: of a class, {@code 2 TP / (2 TP + FP + FN)};
 * {@code macro_f1} is the mean over the classes that occur as labels or as predictions, as scikit-learn has it.
 */
final class ClassificationEvaluator implements Evaluator {
    /** How often a class was right, predicted, and meant. */
    private static final class Counts {
        private long right;
        private long predicted;
        private long meant;

        double f1() {
            return 2.0 * right / (predicted + meant);
        }
    }

    private final ClassLoss loss;
    private final List<String> names;
    private final Map<Integer, Counts> classes = new TreeMap<>();
    private double sum;
    private double weight;
    private long examples;
    private long right;

    /**
     * An evaluator.
     *
     * @param names class names in the order of class numbers; a class without one is called by its number
     */
    ClassificationEvaluator(ClassLoss loss, List<String> names) {
        this.loss = loss;
        this.names = List.copyOf(names);
    }

    @Override
    public void add(Runner runner, Batch batch) {
        long[] labels = Classification.labels(batch);
        Tensors tensors = runner.tensors();
        long[] predicted;
        try (Scope scope = tensors.scope()) {
            predicted = tensors.withoutGradient(() -> {
                Tensor logits = runner.forward(batch.input()).logits();
                sum += loss.sum(tensors, logits, labels).item();
                return logits.argMax(1).longs();
            });
        }
        weight += loss.weight(labels);
        examples += labels.length;
        for (int i = 0; i < labels.length; i++) {
            count(labels[i]).meant++;
            count(predicted[i]).predicted++;
            if (predicted[i] == labels[i]) {
                count(labels[i]).right++;
                right++;
            }
        }
    }

    private Counts count(long number) {
        return classes.computeIfAbsent((int) number, unused -> new Counts());
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum / weight);
        figures.put("accuracy", (double) right / examples);
        figures.put(
                "macro_f1",
                classes.values().stream().mapToDouble(Counts::f1).average().orElse(Double.NaN));
        classes.forEach((number, counts) ->
                figures.put("f1/" + (number < names.size() ? names.get(number) : number.toString()), counts.f1()));
        return figures;
    }
}
