package dev.graft.spi.method;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;

/**
 * Declares a trainable tensor.
 *
 * <p>The layer MUST be -1, a block of the model, or {@link Integer#MAX_VALUE} (rule 3.09).
 *
 * @param name its name on disk
 * @param shape extents
 * @param initializer first value, when nothing is stored
 * @param layer block it belongs to, for layer-wise learning rates and gradual unfreezing; -1 = below the first block,
 *     {@link Integer#MAX_VALUE} = above the last
 * @param decay whether weight decay applies
 * @param storage where its value is kept
 */
public record ParameterSpec(
        String name, Shape shape, Initializer initializer, int layer, boolean decay, Storage storage) {
    /** Where the value of a parameter is kept. */
    public enum Storage {
        /** In the adapter's files, without which it cannot be loaded. */
        REQUIRED,
        /** In the adapter's files; one that is loaded from files without it takes the initial value. */
        OPTIONAL,
        /** In the side file, since it is needed for training only; taken from there if it is there. */
        SIDE,
        /** Nowhere but in the checkpoints of a training run. */
        RUN
    }

    /** A parameter of the adapter's files that decays. */
    public static ParameterSpec of(String name, Shape shape, Initializer initializer, int layer) {
        return new ParameterSpec(name, shape, initializer, layer, true, Storage.REQUIRED);
    }

    /** This parameter, kept elsewhere. */
    public ParameterSpec in(Storage other) {
        return new ParameterSpec(name, shape, initializer, layer, decay, other);
    }

    /** This parameter, out of reach of weight decay. */
    public ParameterSpec withoutDecay() {
        return new ParameterSpec(name, shape, initializer, layer, false, storage);
    }

    /** Whether its value belongs to the adapter's files. */
    public boolean saved() {
        return storage == Storage.REQUIRED || storage == Storage.OPTIONAL;
    }
}
