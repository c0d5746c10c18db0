package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The files of PEFT with a type of Graft's own, since PEFT knows no trainable tokens inside a template. */
final class HardPromptFormat implements AdapterFormat {
    private static final String TYPE = "GRAFT_HARD_PROMPT";
    private static final Set<String> OWN = Set.of("num_virtual_tokens", "template", "soft_token");
    private static final Set<String> COMMON = Set.of(
            "base_model_name_or_path",
            "inference_mode",
            "peft_type",
            "peft_version",
            "revision",
            "task_type",
            "token_dim");

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
                keys.put(key, value);
            } else if (!COMMON.contains(key) && value != null) {
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
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("inference_mode", true);
        file.put("peft_type", TYPE);
        file.put("revision", null);
        file.put(
                "task_type",
                model.task() == Task.MASKED_LM ? null : model.task().name());
        file.put("token_dim", model.hidden());
        return file;
    }
}
