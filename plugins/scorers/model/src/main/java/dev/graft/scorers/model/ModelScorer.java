package dev.graft.scorers.model;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Judge;
import dev.graft.spi.scorer.Scorer;
import java.util.Arrays;
import java.util.List;

/** The score of an answer is one output of a model that has read it, before any softmax. */
final class ModelScorer implements Scorer {
    private final ModelScorerConfig config;
    private final Judge judge;
    private final int output;

    /** Takes the judge over. */
    ModelScorer(ModelScorerConfig config, Judge judge) {
        this.config = config;
        this.judge = judge;
        this.output = output();
    }

    private int output() {
        String label = config.label();
        if (label == null) {
            if (judge.outputs() != 1) {
                throw new ConfigurationException("the model of scorer 'model' has " + judge.outputs() + " outputs"
                        + (judge.labels().isEmpty() ? "" : ", " + judge.labels())
                        + "; label must say which of them is the score");
            }
            return 0;
        }
        int named = judge.labels().indexOf(label);
        int index = named >= 0 || !label.matches("\\d{1,9}") ? named : Integer.parseInt(label);
        if (index < 0 || index >= judge.outputs()) {
            throw new ConfigurationException("label of scorer 'model' is '" + label + "', but its model has "
                    + (judge.labels().isEmpty()
                            ? "outputs 0 to " + (judge.outputs() - 1)
                            : "the labels " + judge.labels()));
        }
        return index;
    }

    @Override
    public double[] score(List<Answer> answers) {
        float[][] outputs = judge.outputs(answers.stream().map(this::ids).toList());
        double[] scores = new double[outputs.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = outputs[i][output];
        }
        return scores;
    }

    /** What the model reads; of a text too long for it, the end, where the answer is. */
    private int[] ids(Answer answer) {
        int[] ids = config.adapter() != null
                ? answer.ids()
                : judge.tokenizer().encode(text(answer), true).ids();
        int most = judge.maxPositions();
        return most == 0 || ids.length <= most ? ids : Arrays.copyOfRange(ids, ids.length - most, ids.length);
    }

    private String text(Answer answer) {
        return config.reads() == ModelScorerConfig.Reads.ANSWER ? answer.text() : answer.prompt() + answer.text();
    }

    @Override
    public void close() {
        judge.close();
    }
}
