package dev.graft.objectives.ppo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.objective.ReferenceCheck;
import dev.graft.spi.objective.ReferenceValues;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads reference cases of PPO: {@code mask}, {@code old_logprobs}, {@code ref_logprobs}, {@code values} and of the policy that is learning
 * {@code new_logprobs} and {@code new_values}, each {@code [answers, length]}; {@code scores} {@code [answers]}. {@code case.json} gives
 * {@code kl_coef}, {@code gamma}, {@code lam}, {@code cliprange} and {@code cliprange_value}.
 */
final class PpoReference {
    private final ReferenceValues reference;

    PpoReference(ReferenceValues reference) {
        this.reference = reference;
    }

    ReferenceCheck check() {
        return new ReferenceCheck(List.of(), (runner, batch) -> values(runner), Map.of());
    }

    private Map<String, float[]> values(Runner runner) {
        List<double[]> mask = rows("mask");
        List<double[]> old = rows("old_logprobs");
        List<double[]> held = rows("ref_logprobs");
        List<double[]> expected = rows("values");
        double[] scores = reference.numbers("scores");
        List<double[]> rewards = new ArrayList<>();
        List<double[]> advantages = new ArrayList<>();
        List<double[]> returns = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            double[] own = Advantages.rewards(old.get(i), held.get(i), number("kl_coef"), scores[i], last(mask.get(i)));
            for (int t = 0; t < own.length; t++) {
                own[t] *= mask.get(i)[t];
            }
            rewards.add(own);
            advantages.add(Advantages.of(own, expected.get(i), number("gamma"), number("lam")));
            returns.add(Advantages.returns(advantages.get(i), expected.get(i)));
        }
        List<double[]> white =
                new ArrayList<>(advantages.stream().map(double[]::clone).toList());
        Advantages.whiten(white, mask, true);
        Map<String, float[]> found = new LinkedHashMap<>();
        found.put("rewards", flat(rewards));
        found.put("advantages", flat(advantages));
        found.put("returns", flat(returns));
        found.put("whitened_advantages", flat(white));
        losses(runner, mask, white, returns, found);
        found.keySet().retainAll(reference.names());
        return found;
    }

    private void losses(
            Runner runner,
            List<double[]> mask,
            List<double[]> white,
            List<double[]> returns,
            Map<String, float[]> found) {
        ClippedLoss.Recorded recorded = new ClippedLoss.Recorded(
                tensor(runner, rows("old_logprobs")),
                tensor(runner, rows("values")),
                tensor(runner, white),
                tensor(runner, returns),
                tensor(runner, mask));
        ClippedLoss.Sums sums = new ClippedLoss(number("cliprange"), number("cliprange_value"))
                .of(recorded, tensor(runner, rows("new_logprobs")), tensor(runner, rows("new_values")));
        double tokens = mask.stream().flatMapToDouble(Arrays::stream).sum();
        found.put("policy_loss", mean(sums.policy(), tokens));
        found.put("value_loss", mean(sums.value(), tokens));
        found.put("approx_kl", mean(sums.divergence(), tokens));
        found.put("clip_fraction", mean(sums.clipped(), tokens));
    }

    private static float[] mean(Tensor sum, double tokens) {
        return new float[] {(float) (sum.item() / tokens)};
    }

    private double number(String key) {
        if (reference.description().get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new ConfigurationException("the case.json of the case lacks the number '" + key + "'");
    }

    /** A table as rows; there are as many as scores. */
    private List<double[]> rows(String name) {
        double[] numbers = reference.numbers(name);
        int count = reference.numbers("scores").length;
        int length = numbers.length / count;
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Arrays.copyOfRange(numbers, i * length, (i + 1) * length));
        }
        return rows;
    }

    private static int last(double[] mask) {
        int last = 0;
        for (int t = 0; t < mask.length; t++) {
            last = mask[t] != 0 ? t : last;
        }
        return last;
    }

    private static float[] flat(List<double[]> rows) {
        double[] all = rows.stream().flatMapToDouble(Arrays::stream).toArray();
        float[] flat = new float[all.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) all[i];
        }
        return flat;
    }

    private static Tensor tensor(Runner runner, List<double[]> rows) {
        return runner.tensors().of(flat(rows), Shape.of(rows.size(), rows.get(0).length));
    }
}
