package dev.graft.objectives.causallm;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gathers the loss per token, its exponential, the share of tokens that are the model's first choice, and the loss per
 * character, which compares models with different tokenizers. The head runs once per token, over a part of the rows'
 * length at a time, so that few logits are held.
 */
final class CausalLmEvaluator implements Evaluator {
    /** Most logits held at a time, unless one token of each row makes more. */
    static final long LOGITS = 1L << 24;

    private final long most;
    private double sum;
    private long tokens;
    private long correct;
    private double characters;
    private boolean counted = true;

    /**
     * An evaluator.
     *
     * @param most logits held at a time, usually {@link #LOGITS}
     */
    CausalLmEvaluator(long most) {
        this.most = most;
    }

    @Override
    public void add(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        try (Scope scope = tensors.scope()) {
            tensors.withoutGradient(() -> {
                measure(tensors, runner.model().vocabulary(), runner.forward(batch.input()), batch.labels());
                return null;
            });
        }
        for (Example example : batch.examples()) {
            Double mean = example.values().get(LabelledTokens.CHARACTERS);
            counted &= mean != null;
            for (Sequence sequence : example.sequences()) {
                characters += counted ? mean * LabelledTokens.predicted(sequence.labels()) : 0;
            }
        }
    }

    private void measure(Tensors tensors, int vocabulary, Output output, Tensor labels) {
        int rows = Math.toIntExact(labels.size(0));
        int length = Math.toIntExact(labels.size(1));
        int virtual = Math.toIntExact(output.hidden().size(1)) - length;
        long[] all = labels.longs();
        int step = (int) Math.max(1, Math.min(length, most / ((long) rows * vocabulary)));
        for (int from = virtual == 0 ? 1 : 0; from < length; from += step) {
            int to = Math.min(length, from + step);
            long[] part = new long[rows * (to - from)];
            boolean any = false;
            for (int row = 0, at = 0; row < rows; row++) {
                for (int token = from; token < to; token++, at++) {
                    part[at] = all[row * length + token];
                    any |= part[at] != Losses.IGNORED;
                }
            }
            if (any) {
                try (Scope scope = tensors.scope()) {
                    Tensor predicting = output.hidden().slice(1, virtual + from - 1, virtual + to - 1);
                    take(tensors, output.head().apply(predicting), part);
                }
            }
        }
    }

    private void take(Tensors tensors, Tensor logits, long[] labels) {
        Tensor rows = logits.reshape(labels.length, logits.size(-1));
        float[] losses =
                rows.crossEntropy(tensors.of(labels, Shape.of(labels.length))).floats();
        long[] choices = rows.argMax(1).longs();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != Losses.IGNORED) {
                sum += losses[i];
                tokens++;
                correct += choices[i] == labels[i] ? 1 : 0;
            }
        }
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum / tokens);
        figures.put("perplexity", Math.exp(sum / tokens));
        figures.put("token_accuracy", (double) correct / tokens);
        if (counted && characters > 0) {
            figures.put("loss_per_character", sum / characters);
        }
        figures.put("tokens", (double) tokens);
        return figures;
    }
}
