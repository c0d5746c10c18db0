package dev.graft.methods.hardprompt;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers classification by prompts in words. */
public final class HardPromptObjectiveProvider implements ObjectiveProvider<HardPromptObjectiveConfig> {
    /** Does nothing. */
    public HardPromptObjectiveProvider() {}

    @Override
    public String id() {
        return "hard-prompt";
    }

    @Override
    public String summary() {
        return "classes as words that the model puts into a template, zero-shot or with demonstrations";
    }

    @Override
    public Class<HardPromptObjectiveConfig> configuration() {
        return HardPromptObjectiveConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if template and verbaliser do not fit
     */
    @Override
    public Objective create(HardPromptObjectiveConfig configuration) {
        return new Cloze(configuration);
    }
}
