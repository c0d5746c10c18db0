package dev.graft.objectives.reward;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers reward models after Bradley and Terry. */
public final class RewardProvider implements ObjectiveProvider<RewardConfig> {
    /** Does nothing. */
    public RewardProvider() {}

    @Override
    public String id() {
        return "reward";
    }

    @Override
    public String summary() {
        return "a score per text, learned from pairs of a better and a worse answer (Bradley-Terry)";
    }

    @Override
    public Class<RewardConfig> configuration() {
        return RewardConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if {@code template} lacks a place or repeats one
     */
    @Override
    public Objective create(RewardConfig configuration) {
        return new Reward(configuration);
    }
}
