package dev.graft.methods.full;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A decoder of four blocks, and attachments to it. */
final class Small {
    private Small() {}

    /** Its configuration. */
    static CheckpointConfig config(boolean tied) {
        return JsonCheckpointConfig.of(
                Path.of("config.json"),
                new TreeMap<>(Map.of(
                        "model_type", "llama",
                        "architectures", List.of("LlamaForCausalLM"),
                        "vocab_size", 32,
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 4,
                        "num_attention_heads", 2,
                        "max_position_embeddings", 64,
                        "tie_word_embeddings", tied)));
    }

    /** Writes it with random weights, so that none of them counts as new. */
    static Path write(Bench bench, Path directory, boolean tied) {
        try (LoadedModel model = bench.random(config(tied), Task.CAUSAL_LM, 0, 1)) {
            Checkpoints.write(bench, model, config(tied), directory, name -> name);
        }
        return directory;
    }

    /** Attaches with the keys of a recipe. */
    static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        FullConfig config = ConfigurationBinder.bind(FullConfig.class, keys, "methods[0]");
        return AdapterBuilder.attach(model, new FullProvider(), config, AdapterBuilder.Setting.fresh("full", 1));
    }
}
