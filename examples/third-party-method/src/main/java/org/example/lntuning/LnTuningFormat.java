package org.example.lntuning;

import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Weight;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's layout: {@code adapter_config.json} with {@code peft_type} LN_TUNING, and {@code adapter_model.safetensors}
 * with {@code base_model.model.<norm>.ln_tuning_layers.weight} and {@code .bias}.
 */
final class LnTuningFormat implements AdapterFormat {
    private static final PeftKeys KEYS = new PeftKeys(
            "LN_TUNING", Set.of("target_modules", "exclude_modules", "modules_to_save"), Set.of());

    /** The name on disk of a norm's weight or bias. */
    static String onDisk(NormSite norm, Weight weight) {
        String ending = weight == norm.bias() ? ".bias" : ".weight";
        return PeftNames.onDisk(norm.name()) + ".ln_tuning_layers" + ending;
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        return KEYS.read(file);
    }

    /** The targets are always written, since PEFT knows defaults for some model types only. */
    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> configuration = adapter.configuration();
        Object targets = configuration.get("target_modules");
        Set<Object> full = new LinkedHashSet<>();
        if (configuration.get("modules_to_save") instanceof Collection<?> named) {
            full.addAll(named);
        }
        full.addAll(FullModules.heads(adapter.model()).names());
        Map<String, Object> file = KEYS.write(adapter);
        file.put("exclude_modules", configuration.get("exclude_modules"));
        file.put("modules_to_save", full.isEmpty() ? null : List.copyOf(full));
        file.put("target_modules", targets == null ? TunedNorms.endings(adapter.model()) : targets);
        return file;
    }
}
