package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.plugin.Provider;
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Offers a fine-tuning technique.
 *
 * @param <C> its configuration
 */
public interface MethodProvider<C extends Record> extends Provider<C> {
    /** What a person should know before choosing it. */
    Documentation documentation();

    /** When it is a good choice, for programs that recommend one; empty where it is not to be recommended. */
    default Optional<Suitability> suitability() {
        return Optional.empty();
    }

    /** How its adapters look on disk. */
    AdapterFormat format();

    /**
     * Number of trainable elements by the technique's closed formula, without attaching anything.
     *
     * @throws ConfigurationException if the configuration does not fit the model, naming the key
     */
    long trainableParameters(ModelView model, C configuration);

    /**
     * Number of trainable elements of an attachment that is built upon others, where these decide it.
     *
     * @param parts what it is built upon
     * @throws ConfigurationException as for {@link #trainableParameters(ModelView, Record)}
     */
    default long trainableParameters(ModelView model, C configuration, List<Part> parts) {
        return trainableParameters(model, configuration);
    }

    /**
     * Attaches the technique to a model.
     *
     * @throws ConfigurationException if the configuration does not fit the model, naming the key
     */
    Attachment attach(ModelView model, C configuration, AttachContext context);

    /**
     * How this method is held against a reference case of its name that was computed from two tasks in a row.
     *
     * @param description what the case says about itself
     * @return empty where the method knows no such cases
     */
    default Optional<SequenceCheck> check(Map<String, Object> description) {
        return Optional.empty();
    }

    /**
     * Combines several adapters into one. Techniques without a way of their own offer {@link LinearCombination}.
     *
     * @throws ConfigurationException if this technique, or the way asked for, does not allow it
     */
    default Combination.Result<C> combine(Tensors tensors, Combination<C> combination) {
        throw new ConfigurationException("adapters of method " + id() + " cannot be combined");
    }
}
