package dev.graft.methods.bitfit;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Graft's own layout, shaped like PEFT's, which has none for biases alone: {@code adapter_config.json} with
 * {@code peft_type} GRAFT_BITFIT, and {@code adapter_model.safetensors} with {@code base_model.model.<bias>}.
 */
final class BitFitFormat implements AdapterFormat {
    private static final String TYPE = "GRAFT_BITFIT";
    private static final String PREFIX = "base_model.model.";
    private static final Set<String> COMMON =
            Set.of("base_model_name_or_path", "inference_mode", "peft_type", "revision", "task_type");
    private static final Set<String> OWN = Set.of("biases", "inject", "train_head");

    /** The name on disk of a parameter of the model. */
    static String onDisk(String name) {
        return PREFIX + name;
    }

    @Override
    public String configFile() {
        return "adapter_config.json";
    }

    @Override
    public String weightsFile() {
        return "adapter_model.safetensors";
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return TYPE.equals(file.get("peft_type"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (OWN.contains(key)) {
                if (value != null) {
                    keys.put(key, value);
                }
            } else if (!COMMON.contains(key)) {
                throw new ConfigurationException("adapter_config.json has a key '" + key + "', which " + TYPE
                        + " does not know; its keys are " + String.join(", ", new TreeSet<>(OWN)));
            }
        });
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> file = new TreeMap<>(adapter.configuration());
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("inference_mode", true);
        file.put("peft_type", TYPE);
        file.put("task_type", adapter.model().description().task().name());
        return file;
    }
}
