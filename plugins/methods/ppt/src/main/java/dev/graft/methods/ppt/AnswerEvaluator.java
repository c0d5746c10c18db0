package dev.graft.methods.ppt;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers the loss, and the share of examples whose best label word is the right one. */
final class AnswerEvaluator implements Evaluator {
    private final Labelling labelling;
    private double sum;
    private long right;
    private long examples;

    AnswerEvaluator(Labelling labelling) {
        this.labelling = labelling;
    }

    @Override
    public void add(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        try (Scope scope = tensors.scope()) {
            tensors.withoutGradient(() -> {
                long[] labels = labelling.of(runner, batch);
                Tensor logits = Answers.logits(tensors, runner.forward(batch.input()), batch, labelling.words());
                sum += logits.crossEntropy(tensors.of(labels, Shape.of(labels.length)))
                        .sum()
                        .item();
                count(labels, logits.argMax(1).longs());
                return null;
            });
        }
    }

    private void count(long[] labels, long[] answers) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != Losses.IGNORED) {
                examples++;
                right += answers[i] == labels[i] ? 1 : 0;
            }
        }
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum / examples);
        figures.put("accuracy", (double) right / examples);
        figures.put("examples", (double) examples);
        return figures;
    }
}
