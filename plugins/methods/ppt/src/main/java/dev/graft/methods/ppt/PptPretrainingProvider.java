package dev.graft.methods.ppt;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers stage one of pre-trained prompt tuning. */
public final class PptPretrainingProvider implements ObjectiveProvider<PptPretrainingConfig> {
    @Override
    public String id() {
        return "ppt-pretraining";
    }

    @Override
    public String summary() {
        return "questions made from unlabelled text, answered with label words: stage one of pre-trained prompt tuning";
    }

    @Override
    public Class<PptPretrainingConfig> configuration() {
        return PptPretrainingConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if pattern or label words do not fit the form
     */
    @Override
    public Objective create(PptPretrainingConfig configuration) {
        return new PptPretraining(configuration);
    }
}
