package dev.graft.objectives.reward;

import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers the loss and the figures of {@link RewardFigures} over a data set. */
final class RewardEvaluator implements Evaluator {
    private final Reward objective;
    private final RewardFigures figures = new RewardFigures();
    private double sum;

    RewardEvaluator(Reward objective) {
        this.objective = objective;
    }

    @Override
    public void add(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        try (Scope scope = tensors.scope()) {
            tensors.withoutGradient(() -> {
                Tensor rewards = Reward.rewards(runner, batch);
                sum += objective.losses(runner, rewards, batch).sum().item();
                figures.add(rewards.floats());
                return null;
            });
        }
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("loss", sum / figures.pairs());
        figures.metrics().forEach((name, metric) -> all.put(name, metric.sum() / metric.weight()));
        all.put("min_reward", figures.smallest());
        all.put("max_reward", figures.largest());
        all.put("pairs", (double) figures.pairs());
        return all;
    }
}
