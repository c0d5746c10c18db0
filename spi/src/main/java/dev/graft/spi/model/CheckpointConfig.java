package dev.graft.spi.model;

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
