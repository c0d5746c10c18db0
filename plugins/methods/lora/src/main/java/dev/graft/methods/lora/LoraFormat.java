package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.Task;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} LORA, and {@code adapter_model.safetensors}. */
final class LoraFormat implements AdapterFormat {
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "eva_config",
            "fan_in_fan_out",
            "inference_mode",
            "loftq_config",
            "megatron_core",
            "peft_type",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config",
            "task_type");
    private static final Set<String> OWN = Set.of(
            "r",
            "lora_alpha",
            "lora_dropout",
            "target_modules",
            "exclude_modules",
            "rank_pattern",
            "alpha_pattern",
            "layers_to_transform",
            "layers_pattern",
            "use_rslora",
            "use_dora",
            "lora_bias",
            "bias",
            "modules_to_save",
            "trainable_token_indices",
            "init_lora_weights");

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
        return "LORA".equals(file.get("peft_type"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (OWN.contains(key)) {
                if (!isEmpty(value)) {
                    keys.put(key, value);
                }
            } else if (!COMMON.contains(key) && !isEmpty(value) && !Boolean.FALSE.equals(value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out, null, false or empty");
            }
        });
        if (keys.get("layers_to_transform") instanceof Number number) {
            keys.put("layers_to_transform", List.of(number));
        }
        if (keys.containsKey("init_lora_weights")) {
            keys.put("init_lora_weights", LoraInitialization.read(keys.get("init_lora_weights")));
        }
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> configuration = adapter.configuration();
        ModelView model = adapter.model();
        Map<String, Object> file = new TreeMap<>(configuration);
        if ("pissa".equals(file.get("init_lora_weights"))) {
            doubleRank(file);
        }
        file.put("init_lora_weights", LoraInitialization.write(file.get("init_lora_weights")));
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("fan_in_fan_out", model.linears().anyMatch(site -> site.inputMajor()));
        file.put("inference_mode", true);
        file.put("peft_type", "LORA");
        file.put("revision", null);
        Task task = model.description().task();
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        file.putIfAbsent("target_modules", Targets.endings(Targets.queriesAndValues(model)));
        file.put("modules_to_save", SavedModules.names(model, strings(configuration.get("modules_to_save"))));
        for (String key : List.of("layers_to_transform", "layers_pattern", "exclude_modules", "modules_to_save")) {
            if (isEmpty(file.get(key))) {
                file.put(key, null);
            }
        }
        return file;
    }

    /** Principal components are saved as an update of twice the rank at the same scaling. */
    private static void doubleRank(Map<String, Object> file) {
        double factor = Boolean.TRUE.equals(file.get("use_rslora")) ? Math.sqrt(2) : 2;
        file.put("r", ((Number) file.get("r")).intValue() * 2);
        file.put("lora_alpha", ((Number) file.get("lora_alpha")).doubleValue() * factor);
        file.put("init_lora_weights", "true");
        if (file.get("rank_pattern") instanceof Map<?, ?> ranks) {
            Map<String, Object> doubled = new LinkedHashMap<>();
            ranks.forEach((name, rank) -> doubled.put(String.valueOf(name), ((Number) rank).intValue() * 2));
            file.put("rank_pattern", doubled);
        }
        if (file.get("alpha_pattern") instanceof Map<?, ?> alphas) {
            Map<String, Object> scaled = new LinkedHashMap<>();
            alphas.forEach((name, alpha) -> scaled.put(String.valueOf(name), ((Number) alpha).doubleValue() * factor));
            file.put("alpha_pattern", scaled);
        }
    }

    private static boolean isEmpty(Object value) {
        return value == null
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static List<String> strings(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
