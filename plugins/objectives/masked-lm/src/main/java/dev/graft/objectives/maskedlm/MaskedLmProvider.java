package dev.graft.objectives.maskedlm;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers the prediction of masked tokens. */
public final class MaskedLmProvider implements ObjectiveProvider<MaskedLmConfig> {
    /** Does nothing. */
    public MaskedLmProvider() {}

    @Override
    public String id() {
        return "masked-lm";
    }

    @Override
    public String summary() {
        return "hidden tokens predicted from both sides, hidden anew in every epoch";
    }

    @Override
    public Class<MaskedLmConfig> configuration() {
        return MaskedLmConfig.class;
    }

    @Override
    public Objective create(MaskedLmConfig configuration) {
        return new MaskedLm(configuration);
    }
}
