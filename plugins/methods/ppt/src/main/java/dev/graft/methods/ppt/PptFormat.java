package dev.graft.methods.ppt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.model.ModelDescription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * PEFT's layout of prompt tuning, with a key {@code graft_method} that PEFT passes over and by which Graft knows the
 * files as its own.
 */
final class PptFormat implements AdapterFormat {
    private static final String TYPE = "PROMPT_TUNING";
    private static final String METHOD = "graft_method";
    private static final String ID = "ppt";
    private static final Set<String> OWN = Set.of("num_virtual_tokens", "deviation");
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            METHOD,
            "inference_mode",
            "modules_to_save",
            "num_attention_heads",
            "num_layers",
            "num_transformer_submodules",
            "peft_type",
            "peft_version",
            "prompt_tuning_init",
            "prompt_tuning_init_text",
            "revision",
            "task_type",
            "token_dim",
            "tokenizer_kwargs",
            "tokenizer_name_or_path");

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
        return TYPE.equals(file.get("peft_type")) && ID.equals(file.get(METHOD));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (OWN.contains(key) && value != null) {
                keys.put(key, value);
            } else if (!OWN.contains(key) && !COMMON.contains(key) && value != null) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out or null");
            }
        });
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        ModelDescription model = adapter.model().description();
        Map<String, Object> file = new TreeMap<>(adapter.configuration());
        file.remove("deviation", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put(METHOD, ID);
        file.put("inference_mode", true);
        file.put("modules_to_save", null);
        file.put("num_attention_heads", model.heads());
        file.put("num_layers", model.layers());
        file.put("num_transformer_submodules", 1);
        file.put("peft_type", TYPE);
        file.put("prompt_tuning_init", "RANDOM");
        file.put("revision", null);
        file.put("task_type", model.task().name());
        file.put("token_dim", model.hidden());
        return file;
    }
}
