package dev.graft.spi.model;

import dev.graft.spi.config.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint's {@code config.json}. Getters report a missing key or a wrong type with the file and the key's path.
 * Keys that were renamed between transformers v4 and v5 are found under either name.
 */
public interface CheckpointConfig {
    /** {@code model_type}, for instance {@code llama}. */
    String modelType();

    /** {@code architectures}, possibly empty. */
    List<String> architectures();

    /** Whether the key is there and not null. Paths are separated by dots. */
    boolean has(String path);

    /** An integer that must be there. */
    int integer(String path);

    /** An integer, or a default where absent. */
    int integer(String path, int otherwise);

    /**
     * An extent that must be there.
     *
     * @throws ConfigurationException if it is not at least 1
     */
    default int size(String path) {
        return atLeastOne(path, integer(path));
    }

    /**
     * An extent, or a default where absent.
     *
     * @throws ConfigurationException if it is not at least 1
     */
    default int size(String path, int otherwise) {
        return atLeastOne(path, integer(path, otherwise));
    }

    private static int atLeastOne(String path, int size) {
        if (size < 1) {
            throw new ConfigurationException("config.json: " + path + " is " + size + "; it must be at least 1");
        }
        return size;
    }

    /** A number that must be there. */
    double number(String path);

    /** A number, or a default where absent. */
    double number(String path, double otherwise);

    /** A truth value, or a default where absent. */
    boolean flag(String path, boolean otherwise);

    /** A string, if there. */
    Optional<String> text(String path);

    /** A list of numbers; empty where absent. */
    List<Double> numbers(String path);

    /** A list of strings; empty where absent. */
    List<String> texts(String path);

    /** The whole file as maps, lists, strings, numbers and truth values. */
    Map<String, Object> asMap();
}
