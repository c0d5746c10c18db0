package dev.graft.spi.model;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.plugin.Provider;
import java.util.Optional;
import java.util.Set;

/** Offers the architectures of one family. Everything a model needs to know stands in its checkpoint's config. */
public interface ModelProvider extends Provider<NoOptions> {
    /** The values of {@code model_type} it understands. */
    Set<String> modelTypes();

    /** The task that an architecture's class name stands for; empty if this family has no such class. */
    Optional<Task> task(String architecture);

    /**
     * The class name under which transformers loads this family with a head for {@code task}; empty if none.
     *
     * <p>{@link #task} MUST name the task of what comes of it (rule 9.12).
     */
    Optional<String> architecture(String modelType, Task task);

    /**
     * Builds the model.
     *
     * <p>A configuration without a measure that is needed MUST be refused in one sentence, with nothing left (rule
     * 9.11).
     *
     * @throws dev.graft.spi.config.ConfigurationException if the config or the weights do not fit, naming the key
     */
    Model create(ModelContext context);

    @Override
    default Class<NoOptions> configuration() {
        return NoOptions.class;
    }
}
