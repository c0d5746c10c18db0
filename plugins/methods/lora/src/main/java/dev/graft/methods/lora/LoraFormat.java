package dev.graft.methods.lora;

import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} LORA, and {@code adapter_model.safetensors}. */
final class LoraFormat implements AdapterFormat {
    private static final PeftKeys KEYS = new PeftKeys(
            "LORA",
            Set.of(
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
                    "init_lora_weights"),
            Set.of(
                    "eva_config",
                    "fan_in_fan_out",
                    "loftq_config",
                    "megatron_core",
                    "qalora_group_size",
                    "runtime_config"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = KEYS.read(file);
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
        Map<String, Object> file = KEYS.write(adapter);
        file.putAll(configuration);
        if ("pissa".equals(file.get("init_lora_weights"))) {
            doubleRank(file);
        }
        file.put("init_lora_weights", LoraInitialization.write(file.get("init_lora_weights")));
        file.put("fan_in_fan_out", model.linears().anyMatch(site -> site.inputMajor()));
        file.putIfAbsent("target_modules", Targets.endings(Targets.queriesAndValues(model)));
        file.put(
                "modules_to_save",
                FullModules.of(model, strings(configuration.get("modules_to_save")))
                        .names());
        for (String key : List.of("layers_to_transform", "layers_pattern", "exclude_modules", "modules_to_save")) {
            if (PeftKeys.isEmpty(file.get(key))) {
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

    private static List<String> strings(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
