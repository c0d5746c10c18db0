package dev.graft.objectives.dpo;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.objective.ReferenceCheck;
import dev.graft.spi.objective.ReferenceValues;
import java.util.Optional;

/** Offers direct preference optimisation and the losses that followed it. */
public final class DpoProvider implements ObjectiveProvider<DpoConfig> {
    /** Does nothing. */
    public DpoProvider() {}

    @Override
    public String id() {
        return "dpo";
    }

    @Override
    public String summary() {
        return "the better of two answers preferred, against a reference (DPO, IPO, KTO pairs, robust) or none (ORPO, SimPO)";
    }

    @Override
    public Class<DpoConfig> configuration() {
        return DpoConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if {@code template} lacks a place or repeats one
     */
    @Override
    public Objective create(DpoConfig configuration) {
        return new Dpo(configuration);
    }

    @Override
    public Optional<ReferenceCheck> check(ReferenceValues reference) {
        return Optional.of(new DpoReference(reference).check());
    }
}
