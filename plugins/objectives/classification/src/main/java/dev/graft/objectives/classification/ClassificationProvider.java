package dev.graft.objectives.classification;

import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;

/** Offers the classification of texts and of pairs of texts. */
public final class ClassificationProvider implements ObjectiveProvider<ClassificationConfig> {
    /** Does nothing. */
    public ClassificationProvider() {}

    @Override
    public String id() {
        return "classification";
    }

    @Override
    public String summary() {
        return "one class per text or pair of texts, by cross-entropy";
    }

    @Override
    public Class<ClassificationConfig> configuration() {
        return ClassificationConfig.class;
    }

    /**
     * The objective.
     *
     * @throws dev.graft.spi.config.ConfigurationException if a class weight is negative or no number
     */
    @Override
    public Objective create(ClassificationConfig configuration) {
        return new Classification(configuration);
    }
}
