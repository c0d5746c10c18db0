package dev.graft.objectives.ppo;

import dev.graft.spi.objective.Experience;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What is told of a rollout; means are over answers.
 *
 * @param answered the answers
 * @param episodes the same token by token
 */
record RolloutFigures(Answered answered, List<Episode> episodes) {
    /**
     * The figures in the order to show them.
     *
     * @param klCoef weight of the divergence
     * @param penalised whether answers that do not end lose something, so that it matters how many end
     */
    Map<String, Double> of(double klCoef, boolean penalised) {
        double score = answered.scored().stream()
                .mapToDouble(Experience.Scored::score)
                .average()
                .orElse(0);
        double divergence = mean(Episode::divergence);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("score", score);
        figures.put("kl", divergence);
        figures.put("reward", score - klCoef * divergence);
        figures.put("kl_coef", klCoef);
        figures.put("entropy", mean(Episode::surprise));
        figures.put("length", mean(Episode::length));
        if (penalised || answered.ended() > 0) {
            figures.put("ended", (double) answered.ended() / episodes.size());
        }
        return figures;
    }

    private double mean(ToDoubleFunction<Episode> figure) {
        return episodes.stream().mapToDouble(figure).average().orElse(0);
    }

    /** The share of the returns' variance that the values explain; 0 where returns do not vary. */
    static double explained(List<double[]> values, List<double[]> returns) {
        double n = 0;
        double sum = 0;
        double squares = 0;
        double errorSum = 0;
        double errorSquares = 0;
        for (int i = 0; i < values.size(); i++) {
            for (int t = 0; t < values.get(i).length; t++) {
                double wanted = returns.get(i)[t];
                double error = wanted - values.get(i)[t];
                n++;
                sum += wanted;
                squares += wanted * wanted;
                errorSum += error;
                errorSquares += error * error;
            }
        }
        double variance = squares / n - sum / n * (sum / n);
        return variance <= 0 ? 0 : 1 - (errorSquares / n - errorSum / n * (errorSum / n)) / variance;
    }
}
