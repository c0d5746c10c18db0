package dev.graft.spi.method;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;

/**
 * Declares a trainable tensor.
 *
 * @param name its name on disk
 * @param shape extents
 * @param initializer first value, when nothing is stored
 * @param layer block it belongs to, for layer-wise learning rates and gradual unfreezing; -1 = below the first block,
 *     {@link Integer#MAX_VALUE} = above the last
 * @param decay whether weight decay applies
 * @param side whether it is needed for training only and goes to the side file instead of the adapter's main file
 */
public record ParameterSpec(String name, Shape shape, Initializer initializer, int layer, boolean decay, boolean side) {
    /** A parameter of the main file that decays. */
    public static ParameterSpec of(String name, Shape shape, Initializer initializer, int layer) {
        return new ParameterSpec(name, shape, initializer, layer, true, false);
    }
}
