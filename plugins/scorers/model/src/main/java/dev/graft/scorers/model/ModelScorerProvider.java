package dev.graft.scorers.model;

import dev.graft.spi.scorer.Judge;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import java.nio.file.Path;

/** Offers scoring by a reward model or a classifier. */
public final class ModelScorerProvider implements ScorerProvider<ModelScorerConfig> {
    /** Does nothing. */
    public ModelScorerProvider() {}

    @Override
    public String id() {
        return "model";
    }

    @Override
    public String summary() {
        return "scores by a reward adapter on the run's own base, or by a reward model or classifier beside it";
    }

    @Override
    public Class<ModelScorerConfig> configuration() {
        return ModelScorerConfig.class;
    }

    @Override
    public Scorer create(ModelScorerConfig configuration, Judges judges) {
        Judge judge = configuration.adapter() == null
                ? judges.checkpoint(Path.of(configuration.model()))
                : judges.upon(Path.of(configuration.adapter()), configuration.outputs());
        try {
            return new ModelScorer(configuration, judge);
        } catch (RuntimeException e) {
            judge.close();
            throw e;
        }
    }
}
