package dev.graft.spi.format;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A layout for techniques that no other library has one for, in the two files of PEFT: {@code adapter_config.json} holds
 * the keys as a recipe has them, and {@code adapter_model.safetensors} the tensors.
 *
 * @param type value of {@code peft_type}, which begins with GRAFT so that PEFT does not take it for its own
 * @param keys the configuration keys
 */
public record RecipeFormat(String type, Set<String> keys) implements AdapterFormat {
    private static final Set<String> ALWAYS =
            Set.of("base_model_name_or_path", "inference_mode", "peft_type", "revision", "task_type");

    /** Copies the keys. */
    public RecipeFormat {
        keys = Set.copyOf(keys);
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return type.equals(file.get("peft_type"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (keys.contains(key)) {
                if (value != null) {
                    configuration.put(key, value);
                }
            } else if (!ALWAYS.contains(key)) {
                throw new ConfigurationException("adapter_config.json has a key '" + key + "', which " + type
                        + " does not know; its keys are " + String.join(", ", new TreeSet<>(keys)));
            }
        });
        return configuration;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> file = new TreeMap<>(adapter.configuration());
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("inference_mode", true);
        file.put("peft_type", type);
        file.put("task_type", adapter.model().description().task().name());
        return file;
    }
}
