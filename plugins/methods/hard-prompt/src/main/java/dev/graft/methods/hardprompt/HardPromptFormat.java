package dev.graft.methods.hardprompt;

import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Map;
import java.util.Set;

/** The files of PEFT with a type of Graft's own, since PEFT knows no trainable tokens inside a template. */
final class HardPromptFormat implements AdapterFormat {
    private static final PeftKeys KEYS = new PeftKeys(
            "GRAFT_HARD_PROMPT", Set.of("num_virtual_tokens", "template", "soft_token"), Set.of("token_dim"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
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
        file.put("token_dim", adapter.model().description().hidden());
        return file;
    }
}
