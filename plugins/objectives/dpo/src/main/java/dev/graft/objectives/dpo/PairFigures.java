package dev.graft.objectives.dpo;

import dev.graft.spi.objective.Loss.Metric;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers figures over pairs, under TRL's names. */
final class PairFigures {
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private long pairs;

    /** Takes pairs in. */
    void add(PairLoss loss, PairLogs logs) {
        float[] chosen = loss.chosenReward(logs).detach().floats();
        float[] rejected = loss.rejectedReward(logs).detach().floats();
        for (int i = 0; i < chosen.length; i++) {
            add("rewards/chosen", chosen[i]);
            add("rewards/rejected", rejected[i]);
            add("rewards/accuracies", chosen[i] > rejected[i] ? 1 : 0);
            add("rewards/margins", (double) chosen[i] - rejected[i]);
        }
        add("logps/chosen", sum(logs.chosen()));
        add("logps/rejected", sum(logs.rejected()));
        pairs += chosen.length;
    }

    private static double sum(Tensor values) {
        return values.detach().sum().item();
    }

    private void add(String name, double value) {
        sums.merge(name, value, Double::sum);
    }

    long pairs() {
        return pairs;
    }

    /** The figures as sums over pairs. */
    Map<String, Metric> metrics() {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        sums.forEach((name, sum) -> metrics.put(name, new Metric(sum, pairs)));
        return metrics;
    }
}
