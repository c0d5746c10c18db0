package dev.graft.objectives.dpo;

import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers the loss and the figures of {@link PairFigures} over a data set. */
final class DpoEvaluator implements Evaluator {
    private final Dpo objective;
    private final PairFigures figures = new PairFigures();
    private double sum;

    DpoEvaluator(Dpo objective) {
        this.objective = objective;
    }

    @Override
    public void add(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        try (Scope scope = tensors.scope()) {
            tensors.withoutGradient(() -> {
                PairLogs logs = objective.logs(runner, batch);
                sum += objective.pairLoss().of(logs).sum().item();
                figures.add(objective.pairLoss(), logs);
                return null;
            });
        }
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("loss", sum / figures.pairs());
        figures.metrics().forEach((name, metric) -> all.put(name, metric.sum() / metric.weight()));
        all.put("pairs", (double) figures.pairs());
        return all;
    }
}
