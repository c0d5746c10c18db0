package dev.graft.methods.ptuning;

import dev.graft.spi.format.VirtualTokenKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's layout: {@code adapter_config.json} with {@code peft_type} P_TUNING, what the encoder wrote, and the encoder
 * beside it.
 */
final class PTuningFormat implements AdapterFormat {
    private static final VirtualTokenKeys KEYS = VirtualTokenKeys.of(
            "P_TUNING",
            Set.of(
                    "num_virtual_tokens",
                    "encoder_reparameterization_type",
                    "encoder_hidden_size",
                    "encoder_num_layers",
                    "encoder_dropout",
                    "pseudo_token"),
            Set.of());

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
        file.putAll(adapter.configuration());
        file.putIfAbsent("encoder_hidden_size", adapter.model().description().hidden());
        file.remove("pseudo_token", null);
        return file;
    }
}
