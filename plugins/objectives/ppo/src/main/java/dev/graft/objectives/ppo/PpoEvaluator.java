package dev.graft.objectives.ppo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Runner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has a data set answered and scored, with the same random numbers in every evaluation. Its {@code loss} is what is minimised: the mean
 * of {@code kl_coef KL - score}.
 */
final class PpoEvaluator implements Evaluator {
    private static final long SEED = 20_220_304;

    private final Ppo objective;
    private final double klCoef;
    private final List<Experience.Scored> scored = new ArrayList<>();
    private final List<Episode> episodes = new ArrayList<>();
    private int ended;
    private int batches;

    PpoEvaluator(Ppo objective, double klCoef) {
        this.objective = objective;
        this.klCoef = klCoef;
    }

    @Override
    public void add(Runner runner, Batch batch) {
        Actor actor = runner.actor()
                .orElseThrow(() -> new ConfigurationException(
                        "ppo is evaluated on what the model answers, where there is a tokenizer and a scorer"));
        Answered answered = objective.answer(actor, batch.examples(), SEED + batches++);
        scored.addAll(answered.scored());
        ended += answered.ended();
        episodes.addAll(answered.episodes(actor, null));
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures =
                new RolloutFigures(new Answered(List.of(), scored, ended), episodes).of(klCoef, true);
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("loss", -figures.get("reward"));
        figures.remove("kl_coef");
        all.putAll(figures);
        return all;
    }
}
