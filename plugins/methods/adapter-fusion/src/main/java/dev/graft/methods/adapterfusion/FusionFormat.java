package dev.graft.methods.adapterfusion;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.AdapterHubKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * AdapterHub's layout: {@code adapter_fusion_config.json} and {@code model_adapter_fusion.safetensors} in a folder beside
 * those of the adapters it mixes. The weight of the regulariser, which AdapterHub keeps in its trainer, and the
 * temperature, which it forgets, are kept where it does not look.
 */
final class FusionFormat implements AdapterFormat {
    private static final String TEMPERATURE = "fusion_temperature.safetensors";
    private static final String WEIGHT = "reg_weight";
    private static final String INITIALIZED = "value_initialized";
    private static final List<String> KEYS = List.of(
            "dropout_prob",
            "key",
            "query",
            "query_before_ln",
            "regularization",
            "residual_before",
            "temperature",
            "value",
            "value_before_softmax",
            INITIALIZED);

    @Override
    public String configFile() {
        return "adapter_fusion_config.json";
    }

    @Override
    public String weightsFile() {
        return "model_adapter_fusion.safetensors";
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return file.containsKey("adapter_names") && file.get("config") instanceof Map<?, ?>;
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        ((Map<?, ?>) file.get("config")).forEach((key, value) -> {
            if (!KEYS.contains(String.valueOf(key))) {
                throw new ConfigurationException("config has a key '" + key + "' that a fusion does not know; its keys"
                        + " are " + String.join(", ", KEYS));
            }
            if (value != null) {
                keys.put(String.valueOf(key), value);
            }
        });
        keys.computeIfPresent(INITIALIZED, (key, value) -> truth(value));
        keys.put(WEIGHT, file.getOrDefault(WEIGHT, 0));
        return keys;
    }

    /** AdapterHub's own defaults write this key as text. */
    private static Object truth(Object value) {
        return value instanceof String text && text.matches("(?i)true|false") ? Boolean.valueOf(text) : value;
    }

    @Override
    public List<String> parts(Map<String, Object> file) {
        Object names = file.get("adapter_names");
        List<String> parts = names instanceof Collection<?> list
                ? list.stream().map(String::valueOf).toList()
                : Arrays.asList(String.valueOf(names).split(",", -1));
        if (parts.isEmpty()) {
            throw new ConfigurationException(configFile() + " names no adapters under 'adapter_names'");
        }
        return parts;
    }

    @Override
    public String fileOf(String tensor) {
        if (tensor.endsWith(Temperature.ENDING)) {
            return TEMPERATURE;
        }
        return isHead(tensor) ? AdapterHubKeys.HEAD : weightsFile();
    }

    private static boolean isHead(String tensor) {
        return !tensor.contains("adapter_fusion_layer.");
    }

    @Override
    public List<String> furtherFiles() {
        return List.of(AdapterHubKeys.HEAD, TEMPERATURE);
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> config = new TreeMap<>();
        KEYS.forEach(key -> config.put(key, adapter.configuration().get(key)));
        Map<String, Object> file = AdapterHubKeys.write(adapter);
        file.put("adapter_names", adapter.parts());
        file.put("config", config);
        file.put("name", String.join(",", adapter.parts()));
        Object weight = adapter.configuration().get(WEIGHT);
        if (weight instanceof Number number && number.doubleValue() != 0) {
            file.put(WEIGHT, weight);
        }
        return file;
    }

    @Override
    public Map<String, Map<String, Object>> writeFurther(Described adapter) {
        boolean headless = adapter.tensors().stream().noneMatch(FusionFormat::isHead);
        return headless ? Map.of() : AdapterHubKeys.writeHead(adapter);
    }
}
