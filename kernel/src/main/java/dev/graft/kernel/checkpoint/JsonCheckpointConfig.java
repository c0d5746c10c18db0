package dev.graft.kernel.checkpoint;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A {@code config.json} or {@code generation_config.json} as read from disk. Keys that transformers renamed between v4
 * and v5 are found under either name; a single value stands for a list of one, as {@code eos_token_id} is written both
 * ways.
 */
public final class JsonCheckpointConfig implements CheckpointConfig {
    private final Path file;
    private final Map<String, Object> content;

    private JsonCheckpointConfig(Path file, Map<String, Object> content) {
        this.file = file;
        this.content = Collections.unmodifiableMap(content);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it is missing or does not hold one JSON object
     */
    public static JsonCheckpointConfig read(Path file) {
        return new JsonCheckpointConfig(file, JsonFile.read(file));
    }

    /**
     * A configuration that is not on disk yet.
     *
     * @param file where it came from or will go, for messages
     */
    public static JsonCheckpointConfig of(Path file, Map<String, Object> content) {
        return new JsonCheckpointConfig(file, new LinkedHashMap<>(content));
    }

    @Override
    public String modelType() {
        return text("model_type").orElseThrow(() -> missing("model_type", "a string"));
    }

    @Override
    public List<String> architectures() {
        return texts("architectures");
    }

    @Override
    public boolean has(String path) {
        return ConfigPath.find(content, path).isPresent();
    }

    @Override
    public int integer(String path) {
        return find(path, "an integer", JsonCheckpointConfig::asInteger).orElseThrow(() -> missing(path, "an integer"));
    }

    @Override
    public int integer(String path, int otherwise) {
        return find(path, "an integer", JsonCheckpointConfig::asInteger).orElse(otherwise);
    }

    @Override
    public double number(String path) {
        return find(path, "a number", JsonCheckpointConfig::asNumber).orElseThrow(() -> missing(path, "a number"));
    }

    @Override
    public double number(String path, double otherwise) {
        return find(path, "a number", JsonCheckpointConfig::asNumber).orElse(otherwise);
    }

    @Override
    public boolean flag(String path, boolean otherwise) {
        return find(path, "true or false", value -> as(Boolean.class, value)).orElse(otherwise);
    }

    @Override
    public Optional<String> text(String path) {
        return find(path, "a string", value -> as(String.class, value));
    }

    @Override
    public List<Double> numbers(String path) {
        return list(path, "a list of numbers", JsonCheckpointConfig::asNumber);
    }

    @Override
    public List<String> texts(String path) {
        return list(path, "a list of strings", value -> as(String.class, value));
    }

    @Override
    public Map<String, Object> asMap() {
        return content;
    }

    private <T> Optional<T> find(String path, String kind, Function<Object, Optional<T>> conversion) {
        return ConfigPath.find(content, path)
                .map(value -> conversion.apply(value).orElseThrow(() -> wrong(path, value, kind)));
    }

    private <T> List<T> list(String path, String kind, Function<Object, Optional<T>> conversion) {
        Object value = ConfigPath.find(content, path).orElse(List.of());
        List<?> values = value instanceof List<?> list ? list : List.of(value);
        return values.stream()
                .map(entry ->
                        Optional.ofNullable(entry).flatMap(conversion).orElseThrow(() -> wrong(path, value, kind)))
                .collect(Collectors.toUnmodifiableList());
    }

    private static <T> Optional<T> as(Class<T> type, Object value) {
        return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
    }

    private static Optional<Double> asNumber(Object value) {
        return as(Number.class, value).map(Number::doubleValue);
    }

    private static Optional<Integer> asInteger(Object value) {
        return asNumber(value)
                .filter(number -> number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE)
                .map(Double::intValue);
    }

    private ConfigurationException missing(String path, String kind) {
        return new ConfigurationException("key '" + path + "' is missing in " + file + "; it must be " + kind);
    }

    private ConfigurationException wrong(String path, Object value, String kind) {
        String found = String.valueOf(value);
        return new ConfigurationException("key '" + path + "' in " + file + " is "
                + (found.length() > 80 ? found.substring(0, 80) + "..." : found) + ", but must be " + kind);
    }
}
