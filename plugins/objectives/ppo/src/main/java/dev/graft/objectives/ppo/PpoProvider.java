package dev.graft.objectives.ppo;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.objective.ReferenceCheck;
import dev.graft.spi.objective.ReferenceValues;
import java.util.Optional;

/** Offers proximal policy optimisation. */
public final class PpoProvider implements ObjectiveProvider<PpoConfig> {
    /** Does nothing. */
    public PpoProvider() {}

    @Override
    public String id() {
        return "ppo";
    }

    @Override
    public String summary() {
        return "the model's own answers scored and learnt from, held to a reference (PPO, reinforcement learning from feedback)";
    }

    @Override
    public Class<PpoConfig> configuration() {
        return PpoConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if {@code template} lacks a place or repeats one
     */
    @Override
    public Objective create(PpoConfig configuration) {
        return new Ppo(configuration);
    }

    @Override
    public Optional<ReferenceCheck> check(ReferenceValues reference) {
        return Optional.of(new PpoReference(reference).check());
    }
}
