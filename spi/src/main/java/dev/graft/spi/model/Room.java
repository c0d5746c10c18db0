package dev.graft.spi.model;

import dev.graft.spi.engine.Shape;
import java.util.Map;

/**
 * A place in checkpoints of an architecture for parameters that this checkpoint does not have, such as biases that a key
 * of its configuration turns on.
 *
 * @param config the keys of {@code config.json} that open the place
 * @param parameters the parameters that a checkpoint with these keys has besides, by name; zeros change nothing
 */
public record Room(Map<String, Object> config, Map<String, Shape> parameters) {
    /** No place for anything. */
    public static final Room NONE = new Room(Map.of(), Map.of());

    /** Copies the maps. */
    public Room {
        config = Map.copyOf(config);
        parameters = Map.copyOf(parameters);
    }
}
