package dev.graft.methods.ptuningv2;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.KeyValueTable;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * PEFT's layout, where this technique goes by the name of PREFIX_TUNING: {@code adapter_config.json} and
 * {@code adapter_model.safetensors} with {@code prompt_embeddings}.
 */
final class PTuningV2Format implements AdapterFormat {
    private static final String TYPE = "PREFIX_TUNING";
    private static final Map<String, String> OWN_BY_PEFTS = Map.of(
            "num_virtual_tokens", "pre_seq_len",
            "prefix_projection", "prefix_projection",
            "encoder_hidden_size", "prefix_hidden_size",
            "modules_to_save", "modules_to_save");
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "init_weights",
            "num_attention_heads",
            "num_layers",
            "peft_type",
            "peft_version",
            "revision",
            "runtime_config",
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
    public boolean prefers(Map<String, Object> file) {
        return !Boolean.TRUE.equals(file.get("prefix_projection"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (OWN_BY_PEFTS.containsKey(key)) {
                if (value != null) {
                    keys.put(OWN_BY_PEFTS.get(key), value);
                }
            } else if (key.equals("num_transformer_submodules")) {
                requireOneStack(value);
            } else if (!COMMON.contains(key) && isSet(value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out, null, false or empty");
            }
        });
        if (keys.get("modules_to_save") instanceof Collection<?> names) {
            keys.put("modules_to_save", new ArrayList<>(new LinkedHashSet<>(names)));
        }
        return keys;
    }

    private static void requireOneStack(Object value) {
        if (value instanceof Number stacks && stacks.intValue() > 1) {
            throw new ConfigurationException("adapter_config.json sets 'num_transformer_submodules' to " + value
                    + ", prompts for encoder and decoder; prompts of models with one stack are supported");
        }
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        ModelView model = adapter.model();
        Map<String, Object> keys = adapter.configuration();
        KeyValueTable table = KeyValueTable.of(model, 1);
        Task task = model.description().task();
        Map<String, Object> file = new TreeMap<>();
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("encoder_hidden_size", keys.get("prefix_hidden_size"));
        file.put("inference_mode", true);
        file.put("init_weights", null);
        file.put("modules_to_save", saved(model, keys.get("modules_to_save")));
        file.put("num_attention_heads", table.sites().get(0).keyHeads());
        file.put("num_layers", table.sites().size());
        file.put("num_transformer_submodules", 1);
        file.put("num_virtual_tokens", length(keys));
        file.put("peft_type", TYPE);
        file.put("prefix_projection", keys.get("prefix_projection"));
        file.put("revision", null);
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        file.put("token_dim", table.blockWidth());
        return file;
    }

    private static Object length(Map<String, Object> keys) {
        for (String name : List.of("pre_seq_len", "num_virtual_tokens")) {
            if (keys.get(name) != null) {
                return keys.get(name);
            }
        }
        return PTuningV2Config.LENGTH;
    }

    /** PEFT trains the head of a classifier along and names what it may be called. */
    private static Object saved(ModelView model, Object chosen) {
        Set<Object> names = new LinkedHashSet<>(FullModules.heads(model).names());
        if (chosen instanceof Collection<?> list) {
            names.addAll(list);
        }
        return names.isEmpty() ? null : List.copyOf(names);
    }

    private static boolean isSet(Object value) {
        return value != null
                && !Boolean.FALSE.equals(value)
                && !(value instanceof Collection<?> list && list.isEmpty())
                && !(value instanceof Map<?, ?> map && map.isEmpty());
    }
}
