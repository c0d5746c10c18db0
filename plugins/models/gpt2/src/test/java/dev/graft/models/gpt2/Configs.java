package dev.graft.models.gpt2;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.spi.model.CheckpointConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations of a small decoder. */
final class Configs {
    private Configs() {}

    /** The required keys and those given, which win. */
    static CheckpointConfig small(Object... keysAndValues) {
        Map<String, Object> content = new LinkedHashMap<>(Map.of(
                "model_type", "gpt2",
                "vocab_size", 24,
                "n_embd", 16,
                "n_layer", 2,
                "n_head", 4,
                "n_positions", 12));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            content.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return JsonCheckpointConfig.of(Path.of("config.json"), content);
    }
}
