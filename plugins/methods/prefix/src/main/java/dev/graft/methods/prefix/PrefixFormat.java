package dev.graft.methods.prefix;

import dev.graft.spi.format.VirtualTokenKeys;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.KeyValueTable;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's layout: {@code adapter_config.json} with {@code peft_type} PREFIX_TUNING, and
 * {@code adapter_model.safetensors} with {@code prompt_embeddings}. The network behind the prefix, which PEFT drops on
 * saving, is kept in the side file.
 */
final class PrefixFormat implements AdapterFormat {
    private static final VirtualTokenKeys KEYS = VirtualTokenKeys.of(
            "PREFIX_TUNING",
            Set.of("num_virtual_tokens", "prefix_projection", "encoder_hidden_size", "init_weights", "modules_to_save"),
            Set.of("runtime_config"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
    }

    @Override
    public boolean prefers(Map<String, Object> file) {
        return Boolean.TRUE.equals(file.get("prefix_projection"));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = KEYS.read(file);
        keys.putIfAbsent("prefix_projection", false);
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        int tokens = ((Number) adapter.configuration().get("num_virtual_tokens")).intValue();
        KeyValueTable table = KeyValueTable.of(adapter.model(), tokens);
        Map<String, Object> file = KEYS.write(adapter, table);
        Object modules = file.get("modules_to_save");
        file.putAll(adapter.configuration());
        file.put("modules_to_save", modules);
        file.remove("init_text");
        file.putIfAbsent("init_weights", null);
        if (file.get("encoder_hidden_size") == null) {
            file.put("encoder_hidden_size", table.blockWidth());
        }
        return file;
    }
}
