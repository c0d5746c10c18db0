package dev.graft.spi.model;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;
import java.util.Optional;

/** The tensors of a checkpoint by name. Shapes are checked on every request. */
public interface Weights {
    /** Whether the checkpoint holds a tensor of this name. */
    boolean contains(String name);

    /**
     * A tensor that must be there.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it is missing or has another shape
     */
    Weight require(String name, Shape shape);

    /** A tensor that may be absent. */
    default Optional<Weight> find(String name, Shape shape) {
        return contains(name) ? Optional.of(require(name, shape)) : Optional.empty();
    }

    /** A tensor that is drawn at random when absent, such as the head of a new task or a model trained from scratch. */
    Weight requireOrCreate(String name, Shape shape, Initializer initializer);

    /**
     * The tensor stored under another name, known to the model by {@code name}: for checkpoints that leave out a prefix
     * and for tied weights.
     */
    Weight alias(String name, Weight target);
}
