package dev.graft.methods.ptuning;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} P_TUNING, what the
 * encoder wrote, and the encoder beside it. */
final class PTuningFormat implements AdapterFormat {
    private static final String TYPE = "P_TUNING";

    private static final List<String> HEADS = List.of("classifier", "score");
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "num_attention_heads",
            "num_layers",
            "peft_type",
            "peft_version",
            "revision",
            "task_type",
            "token_dim");
    private static final Set<String> OWN = Set.of(
            "num_virtual_tokens",
            "encoder_reparameterization_type",
            "encoder_hidden_size",
            "encoder_num_layers",
            "encoder_dropout",
            "pseudo_token");

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
                if (!isEmpty(value)) {
                    keys.put(key, value);
                }
            } else if (!COMMON.contains(key) && !isEmpty(value) && !isUsual(key, value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out, null, false or empty");
            }
        });
        return keys;
    }

    /** One stack, and a head that learns along, are all there is. */
    private static boolean isUsual(String key, Object value) {
        return switch (key) {
            case "num_transformer_submodules" -> value instanceof Number stacks && stacks.intValue() == 1;
            case "modules_to_save" -> value instanceof Collection<?> names && HEADS.containsAll(names);
            default -> Boolean.FALSE.equals(value);
        };
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        ModelDescription model = adapter.model().description();
        Task task = model.task();
        Map<String, Object> file = new TreeMap<>(adapter.configuration());
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("inference_mode", true);
        file.put("modules_to_save", task == Task.SEQ_CLS || task == Task.TOKEN_CLS ? HEADS : null);
        file.put("num_attention_heads", model.heads());
        file.put("num_layers", model.layers());
        file.put("num_transformer_submodules", 1);
        file.put("peft_type", TYPE);
        file.put("revision", null);
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        file.put("token_dim", model.hidden());
        file.putIfAbsent("encoder_hidden_size", model.hidden());
        file.remove("pseudo_token", null);
        return file;
    }

    private static boolean isEmpty(Object value) {
        return value == null
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }
}
