package ${package};

import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.Map;
import java.util.Set;

/** The files of an adapter: {@code adapter_config.json} and {@code adapter_model.safetensors}. */
final class ${className}Format implements AdapterFormat {
    private static final PeftKeys KEYS = new PeftKeys("${methodId}", Set.of("target_modules"), Set.of());

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
        file.put("target_modules", adapter.configuration().get("target_modules"));
        return file;
    }
}
