package dev.graft.models.bert;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.spi.model.CheckpointConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations of a small encoder. */
final class Configs {
    private Configs() {}

    /** The required keys and those given, which win. */
    static CheckpointConfig small(String modelType, Object... keysAndValues) {
        Map<String, Object> content = new LinkedHashMap<>(Map.of(
                "model_type", modelType,
                "vocab_size", 24,
                "hidden_size", 16,
                "intermediate_size", 20,
                "num_hidden_layers", 2,
                "num_attention_heads", 4,
                "max_position_embeddings", 12));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            content.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return JsonCheckpointConfig.of(Path.of("config.json"), content);
    }
}
