package dev.graft.methods.ptuningv2;

import dev.graft.spi.format.VirtualTokenKeys;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.KeyValueTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's layout, where this technique goes by the name of PREFIX_TUNING: {@code adapter_config.json} and
 * {@code adapter_model.safetensors} with {@code prompt_embeddings}.
 */
final class PTuningV2Format implements AdapterFormat {
    private static final Map<String, String> OWN_BY_PEFTS = Map.of(
            "num_virtual_tokens", "pre_seq_len",
            "prefix_projection", "prefix_projection",
            "encoder_hidden_size", "prefix_hidden_size",
            "modules_to_save", "modules_to_save");
    private static final VirtualTokenKeys KEYS =
            VirtualTokenKeys.of("PREFIX_TUNING", OWN_BY_PEFTS.keySet(), Set.of("init_weights", "runtime_config"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
    }

    @Override
    public boolean prefers(Map<String, Object> file) {
        return !Boolean.TRUE.equals(file.get("prefix_projection"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        KEYS.read(file).forEach((key, value) -> keys.put(OWN_BY_PEFTS.get(key), value));
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> keys = adapter.configuration();
        Map<String, Object> file = KEYS.write(adapter, KeyValueTable.of(adapter.model(), 1));
        file.put("encoder_hidden_size", keys.get("prefix_hidden_size"));
        file.put("init_weights", null);
        file.put("num_virtual_tokens", length(keys));
        file.put("prefix_projection", keys.get("prefix_projection"));
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
}
