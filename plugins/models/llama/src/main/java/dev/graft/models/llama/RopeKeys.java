package dev.graft.models.llama;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import java.util.List;

/**
 * The keys of {@code config.json} that describe rotary positions. Transformers 5 writes them under
 * {@code rope_parameters}, in one block or one for each layer type; transformers 4 wrote {@code rope_scaling} beside
 * {@code rope_theta}.
 *
 * @param config the file
 * @param block path of the block with a dot at its end, empty where there is none
 */
record RopeKeys(CheckpointConfig config, String block) {
    private static final double DEFAULT_THETA = 10_000;

    /** The keys that hold for layers of a type, for instance {@code full_attention}. */
    static RopeKeys of(CheckpointConfig config, String layerType) {
        if (config.has("rope_parameters." + layerType)) {
            return new RopeKeys(config, "rope_parameters." + layerType + ".");
        }
        if (config.has("rope_parameters")) {
            return new RopeKeys(config, "rope_parameters.");
        }
        return new RopeKeys(config, config.has("rope_scaling") ? "rope_scaling." : "");
    }

    /** The kind of scaling. */
    String type() {
        if (block.isEmpty()) {
            return "default";
        }
        return config.text(block + "rope_type")
                .or(() -> config.text(block + "type"))
                .orElse("default");
    }

    /** The base of the wavelengths. */
    double theta() {
        return number("rope_theta", config.number("rope_theta", DEFAULT_THETA));
    }

    /** The share of a head's features that is rotated. */
    double rotatedShare() {
        return number("partial_rotary_factor", config.number("partial_rotary_factor", 1));
    }

    /** Longest sequence the checkpoint is meant for. */
    int maxPositions(int otherwise) {
        return config.integer("max_position_embeddings", otherwise);
    }

    /** Longest sequence before the context was stretched. */
    int originalPositions(int maxPositions) {
        if (config.has("original_max_position_embeddings")) {
            return config.integer("original_max_position_embeddings");
        }
        return has("original_max_position_embeddings")
                ? config.integer(block + "original_max_position_embeddings")
                : maxPositions;
    }

    /** Whether the block holds a key. */
    boolean has(String key) {
        return !block.isEmpty() && config.has(block + key);
    }

    /** A number that must be in the block. */
    double number(String key) {
        return config.number(block + key);
    }

    /** A number of the block, or a default. */
    double number(String key, double otherwise) {
        return has(key) ? config.number(block + key) : otherwise;
    }

    /** A truth value of the block, or a default. */
    boolean flag(String key, boolean otherwise) {
        return block.isEmpty() ? otherwise : config.flag(block + key, otherwise);
    }

    /**
     * A list with one number for each rotated pair of features.
     *
     * @throws ConfigurationException if it has another length
     */
    double[] factors(String key, int pairs) {
        List<Double> factors = config.numbers(block + key);
        if (factors.size() != pairs) {
            throw new ConfigurationException("config.json: " + block + key + " has " + factors.size()
                    + " entries; a head rotates " + pairs + " pairs of features and needs as many");
        }
        return factors.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** An error about the kind of scaling. */
    ConfigurationException unknownType(String allowed) {
        return new ConfigurationException("config.json: " + block + "rope_type is '" + type()
                + "', which is not supported; allowed are " + allowed);
    }
}
