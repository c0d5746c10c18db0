package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.plugin.Provider;
import dev.graft.spi.tensor.Tensors;
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

    /** How its adapters look on disk. */
    AdapterFormat format();

    /**
     * Number of trainable elements by the technique's closed formula, without attaching anything.
     *
     * @throws ConfigurationException if the configuration does not fit the model, naming the key
     */
    long trainableParameters(ModelView model, C configuration);

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
     * Combines several adapters into one.
     *
     * @throws ConfigurationException if this technique, or the way asked for, does not allow it
     */
    default Combination.Result<C> combine(Tensors tensors, Combination<C> combination) {
        throw new ConfigurationException("adapters of method " + id() + " cannot be combined");
    }
}
