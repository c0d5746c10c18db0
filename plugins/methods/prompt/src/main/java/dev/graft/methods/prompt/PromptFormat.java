package dev.graft.methods.prompt;

import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.format.VirtualTokenKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Map;
import java.util.Set;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} PROMPT_TUNING, and the vectors. */
final class PromptFormat implements AdapterFormat {
    /** Under this key other techniques that write the same layout say that a file is theirs. */
    private static final String OTHER_METHOD = "graft_method";

    private static final VirtualTokenKeys KEYS = VirtualTokenKeys.of(
            "PROMPT_TUNING",
            Set.of(
                    "num_virtual_tokens",
                    "prompt_tuning_init",
                    "prompt_tuning_init_text",
                    "tokenizer_kwargs",
                    "tokenizer_name_or_path"),
            Set.of());

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file) && file.get(OTHER_METHOD) == null;
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = KEYS.read(file);
        if (!"TEXT".equals(keys.getOrDefault("prompt_tuning_init", "RANDOM"))) {
            keys.remove("prompt_tuning_init_text");
        }
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> file = KEYS.write(adapter);
        file.putAll(adapter.configuration());
        file.putIfAbsent("prompt_tuning_init_text", null);
        file.putIfAbsent("tokenizer_name_or_path", null);
        if (PeftKeys.isEmpty(file.get("tokenizer_kwargs"))) {
            file.put("tokenizer_kwargs", null);
        }
        if ("TEXT".equals(file.get("prompt_tuning_init")) && file.get("tokenizer_name_or_path") == null) {
            file.put("tokenizer_name_or_path", adapter.basePath());
        }
        return file;
    }
}
