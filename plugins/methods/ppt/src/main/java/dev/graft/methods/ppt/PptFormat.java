package dev.graft.methods.ppt;

import dev.graft.spi.format.VirtualTokenKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's layout of prompt tuning, with a key {@code graft_method} that PEFT passes over and by which Graft knows the
 * files as its own.
 */
final class PptFormat implements AdapterFormat {
    private static final String METHOD = "graft_method";
    private static final String ID = "ppt";
    private static final VirtualTokenKeys KEYS = VirtualTokenKeys.of(
            "PROMPT_TUNING",
            Set.of("num_virtual_tokens", "deviation"),
            Set.of(
                    METHOD,
                    "prompt_tuning_init",
                    "prompt_tuning_init_text",
                    "tokenizer_kwargs",
                    "tokenizer_name_or_path"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file) && ID.equals(file.get(METHOD));
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        return KEYS.read(file);
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> file = KEYS.write(adapter);
        file.remove("auto_mapping");
        file.putAll(adapter.configuration());
        file.remove("deviation", null);
        file.put(METHOD, ID);
        file.put("prompt_tuning_init", "RANDOM");
        return file;
    }
}
