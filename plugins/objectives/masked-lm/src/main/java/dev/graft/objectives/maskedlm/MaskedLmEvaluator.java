package dev.graft.objectives.maskedlm;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Gathers the loss per predicted token, its exponential, and the share of tokens guessed right. */
final class MaskedLmEvaluator implements Evaluator {
    private double sum;
    private long tokens;
    private long right;

    @Override
    public void add(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        try (Scope scope = tensors.scope()) {
            tensors.withoutGradient(() -> {
                measure(tensors, runner.forward(batch.input()), batch.labels());
                return null;
            });
        }
    }

    private void measure(Tensors tensors, Output output, Tensor labels) {
        long[] all = labels.longs();
        int length = Math.toIntExact(labels.size(1));
        int slots = Math.toIntExact(output.hidden().size(1));
        int[] labelled = IntStream.range(0, all.length)
                .filter(i -> all[i] != Losses.IGNORED)
                .toArray();
        if (labelled.length == 0) {
            return;
        }
        long[] places = Arrays.stream(labelled)
                .mapToLong(i -> (long) (i / length) * slots + slots - length + i % length)
                .toArray();
        long[] meant = Arrays.stream(labelled).mapToLong(i -> all[i]).toArray();
        Tensor hidden = output.hidden();
        Tensor picked = hidden.reshape(-1, hidden.size(-1)).select(0, tensors.of(places, Shape.of(places.length)));
        Tensor logits =
                output.head().apply(picked.reshape(1, places.length, -1)).reshape(places.length, -1);
        sum += logits.crossEntropy(tensors.of(meant, Shape.of(meant.length)))
                .sum()
                .item();
        long[] guessed = logits.argMax(1).longs();
        for (int i = 0; i < meant.length; i++) {
            right += guessed[i] == meant[i] ? 1 : 0;
        }
        tokens += meant.length;
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss", sum / tokens);
        figures.put("perplexity", Math.exp(sum / tokens));
        figures.put("accuracy", (double) right / tokens);
        figures.put("tokens", (double) tokens);
        return figures;
    }
}
