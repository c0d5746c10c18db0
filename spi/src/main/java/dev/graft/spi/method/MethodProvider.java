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
    /**
     * What a person should know before choosing it.
     *
     * <p>None of its parts MUST be missing (rule 2.11).
     */
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
     * <p>It MUST equal what is counted on an attachment (rule 3.04).
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
     * <p>A model that does not fit MUST be refused in one sentence, with nothing left behind (rule 3.01). The
     * attachment MUST leave the model's outputs as they are until it has learnt, unless the method declares that it
     * cannot (rule 3.02). It MUST NOT change the base, attached, run or released (rule 3.03), nor in training (rule
     * 4.05). What comes of the same random numbers MUST begin the same, to the bit (rule 3.07), and MUST be called
     * the same (rule 3.05). Released it MUST leave no array (rule 3.06) and no thread (rule 3.13), and however often
     * adapters come and go, arrays MUST NOT add up (rule 8.07). Two attachments MUST NOT touch each other: neither
     * by what one of them does when it is released (rule 8.06), nor in threads that use them at the same time (rule
     * 8.05), nor in rows of one batch (rules 8.01, 8.02). Both of two on one row MUST act, unless the method
     * declares that the later takes the place of the earlier (rule 7.01), and beside one of another method both MUST
     * act and be saved (rule 7.02). An adapter in use MUST stay what it is while its jar is replaced and removed
     * (rule 16.07).
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
     * <p>One adapter with weight 1 MUST come to itself, where linear combinations are offered at all (rule 7.03); a
     * way that is not known MUST be refused in one sentence (rule 7.04).
     *
     * @throws ConfigurationException if this technique, or the way asked for, does not allow it
     */
    default Combination.Result<C> combine(Tensors tensors, Combination<C> combination) {
        throw new ConfigurationException("adapters of method " + id() + " cannot be combined");
    }
}
