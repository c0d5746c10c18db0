package dev.graft.spi.quantizer;

import dev.graft.spi.plugin.Provider;

/**
 * Offers a quantizer.
 *
 * @param <C> its configuration
 */
public interface QuantizerProvider<C extends Record> extends Provider<C> {
    /** A quantizer. */
    Quantizer create(C configuration);
}
