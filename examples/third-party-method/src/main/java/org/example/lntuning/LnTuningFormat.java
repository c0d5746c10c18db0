package org.example.lntuning;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * PEFT's layout: {@code adapter_config.json} with {@code peft_type} LN_TUNING, and {@code adapter_model.safetensors}
 * with {@code base_model.model.<norm>.ln_tuning_layers.weight} and {@code .bias}.
 */
final class LnTuningFormat implements AdapterFormat {
    private static final String TYPE = "LN_TUNING";
    private static final String PREFIX = "base_model.model.";
    private static final String LAYERS = ".ln_tuning_layers";
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "peft_type",
            "peft_version",
            "revision",
            "task_type");
    private static final Set<String> OWN = Set.of("target_modules", "exclude_modules", "modules_to_save");

    /** The name on disk of a parameter that is trained as it is. */
    static String onDisk(String name) {
        return PREFIX + name;
    }

    /** The name on disk of a norm's weight or bias. */
    static String onDisk(NormSite norm, Weight weight) {
        String ending = weight == norm.bias() ? ".bias" : ".weight";
        return PREFIX + norm.name() + LAYERS + ending;
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
            if (isEmpty(value)) {
                return;
            }
            if (OWN.contains(key)) {
                keys.put(key, value);
            } else if (!COMMON.contains(key) && !Boolean.FALSE.equals(value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which LN-tuning does not do; it must be left out, null, false or empty");
            }
        });
        return keys;
    }

    /** The targets are always written, since PEFT knows defaults for some model types only. */
    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> configuration = adapter.configuration();
        Object targets = configuration.get("target_modules");
        Set<Object> full = new LinkedHashSet<>();
        if (configuration.get("modules_to_save") instanceof Collection<?> named) {
            full.addAll(named);
        }
        full.addAll(FullModules.heads(adapter.model()).names());
        Task task = adapter.model().description().task();
        Map<String, Object> file = new TreeMap<>();
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("exclude_modules", configuration.get("exclude_modules"));
        file.put("inference_mode", true);
        file.put("modules_to_save", full.isEmpty() ? null : List.copyOf(full));
        file.put("peft_type", TYPE);
        file.put("revision", null);
        file.put("target_modules", targets == null ? TunedNorms.endings(adapter.model()) : targets);
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        return file;
    }

    private static boolean isEmpty(Object value) {
        return value == null || (value instanceof Collection<?> list && list.isEmpty());
    }
}
