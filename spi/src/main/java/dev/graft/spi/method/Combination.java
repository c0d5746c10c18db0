package dev.graft.spi.method;

import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Several adapters of one method to be combined into one.
 *
 * @param parts the adapters
 * @param how the way to combine, a name the method documents, for instance {@code linear}
 * @param options further keys of that way, for instance {@code density}
 * @param <C> the method's configuration
 */
public record Combination<C extends Record>(List<Part<C>> parts, String how, Map<String, Object> options) {
    /**
     * One adapter of a combination.
     *
     * @param configuration its configuration
     * @param state its tensors by their names on disk
     * @param weight its factor
     */
    public record Part<C extends Record>(C configuration, Map<String, Tensor> state, double weight) {}

    /**
     * A combined adapter.
     *
     * @param configuration its configuration
     * @param state its tensors by their names on disk
     */
    public record Result<C extends Record>(C configuration, Map<String, Tensor> state) {}
}
