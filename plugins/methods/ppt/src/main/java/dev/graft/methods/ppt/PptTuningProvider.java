package dev.graft.methods.ppt;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers stage two of pre-trained prompt tuning. */
public final class PptTuningProvider implements ObjectiveProvider<PptTuningConfig> {
    @Override
    public String id() {
        return "ppt-tuning";
    }

    @Override
    public String summary() {
        return "classes as label words of a causal model: stage two of pre-trained prompt tuning";
    }

    @Override
    public Class<PptTuningConfig> configuration() {
        return PptTuningConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if pattern or label words do not fit
     */
    @Override
    public Objective create(PptTuningConfig configuration) {
        return new PptTuning(configuration);
    }
}
