package dev.graft.kernel.adapter;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.plugin.Documentation;
import java.util.LinkedHashMap;
import java.util.Map;

/** A method whose adapters look like PEFT's; for tests of what stores them. */
record ScaleMethod(String id, String version, String type) implements MethodProvider<NoOptions> {
    @Override
    public String summary() {
        return "scales";
    }

    @Override
    public Class<NoOptions> configuration() {
        return NoOptions.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation("", "", "", "", "", "");
    }

    @Override
    public long trainableParameters(ModelView model, NoOptions configuration) {
        return 0;
    }

    @Override
    public Attachment attach(ModelView model, NoOptions configuration, AttachContext context) {
        throw new UnsupportedOperationException("never attached here");
    }

    @Override
    public AdapterFormat format() {
        return new Format(id, type);
    }

    private record Format(String id, String type) implements AdapterFormat {
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
            return type.equals(file.get("peft_type"));
        }

        @Override
        public boolean prefers(Map<String, Object> file) {
            return id.equals(file.getOrDefault("best_read_by", id));
        }

        @Override
        public Map<String, Object> read(Map<String, Object> file) {
            if (file.containsKey("impossible")) {
                throw new ConfigurationException("key 'impossible' is not supported");
            }
            Map<String, Object> keys = new LinkedHashMap<>(file);
            keys.keySet().removeIf(key -> key.equals("peft_type") || key.equals("base_model_name_or_path"));
            return keys;
        }

        @Override
        public Map<String, Object> write(Described adapter) {
            Map<String, Object> file = new LinkedHashMap<>(adapter.configuration());
            file.put("peft_type", type);
            file.put("base_model_name_or_path", adapter.basePath());
            return file;
        }
    }
}
