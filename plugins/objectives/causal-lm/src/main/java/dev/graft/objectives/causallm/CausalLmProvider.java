package dev.graft.objectives.causallm;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers next-token prediction. */
public final class CausalLmProvider implements ObjectiveProvider<CausalLmConfig> {
    /** Does nothing. */
    public CausalLmProvider() {}

    @Override
    public String id() {
        return "causal-lm";
    }

    @Override
    public String summary() {
        return "next-token prediction on texts, answers to prompts, and conversations";
    }

    @Override
    public Class<CausalLmConfig> configuration() {
        return CausalLmConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if {@code template} lacks a place or repeats one
     */
    @Override
    public Objective create(CausalLmConfig configuration) {
        return new CausalLm(configuration);
    }
}
