package dev.graft.methods.lora;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small models of random weights, and adapters for them.
 *
 * @param config its configuration
 * @param task what it is for
 */
record Small(CheckpointConfig config, Task task) {
    /** Size of every vocabulary. */
    static final int VOCABULARY = 32;

    /** A decoder of three blocks without biases. */
    static Small llama(boolean tied) {
        return of(
                Task.CAUSAL_LM,
                Map.of(
                        "model_type", "llama",
                        "architectures", List.of("LlamaForCausalLM"),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 3,
                        "num_attention_heads", 4,
                        "num_key_value_heads", 2,
                        "max_position_embeddings", 64,
                        "tie_word_embeddings", tied));
    }

    /** A decoder of two blocks whose weights are stored with the input first, with biases and a tied head. */
    static Small gpt2() {
        return of(
                Task.CAUSAL_LM,
                Map.of(
                        "model_type", "gpt2",
                        "architectures", List.of("GPT2LMHeadModel"),
                        "n_embd", 16,
                        "n_layer", 2,
                        "n_head", 4,
                        "n_positions", 64));
    }

    /** An encoder of two blocks that tells three classes apart. */
    static Small bert() {
        return of(
                Task.SEQ_CLS,
                Map.of(
                        "model_type", "bert",
                        "architectures", List.of("BertForSequenceClassification"),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 2,
                        "num_attention_heads", 4,
                        "max_position_embeddings", 64,
                        "id2label", Map.of("0", "a", "1", "b", "2", "c")));
    }

    private static Small of(Task task, Map<String, Object> keys) {
        Map<String, Object> all = new TreeMap<>(keys);
        all.put("vocab_size", VOCABULARY);
        return new Small(JsonCheckpointConfig.of(Path.of("config.json"), all), task);
    }

    /** The model in memory. */
    LoadedModel model(Bench bench) {
        return bench.random(config, task, task == Task.SEQ_CLS ? 3 : 0, 1);
    }

    /** Writes the model. */
    Path write(Bench bench, Path directory) {
        try (LoadedModel model = model(bench)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
        }
        return directory;
    }

    /** Binds the keys of a recipe. */
    static LoraConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(LoraConfig.class, keys, "methods[0]");
    }

    /** Attaches a fresh adapter. */
    static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        return AdapterBuilder.attach(model, new LoraProvider(), bind(keys), AdapterBuilder.Setting.fresh("lora", 1));
    }

    /** Attaches an adapter in double precision. */
    static AttachedAdapter attachDouble(LoadedModel model, Map<String, Object> keys) {
        var setting = new AdapterBuilder.Setting("lora", RandomStream.seeded(1), DType.FLOAT64, null, null, "");
        return AdapterBuilder.attach(model, new LoraProvider(), bind(keys), setting);
    }

    /** Attaches an adapter and moves all its parameters away from where they begin. */
    static AttachedAdapter attachMoved(Bench bench, LoadedModel model, Map<String, Object> keys) {
        return moved(bench, attach(model, keys), 1);
    }

    /** Moves all parameters of an adapter. */
    static AttachedAdapter moved(Bench bench, AttachedAdapter adapter, long seed) {
        RandomStream random = RandomStream.seeded(seed);
        for (Parameter parameter : adapter.attachment().parameters()) {
            Array value = adapter.array(parameter);
            try (Array noise = bench.engine().normal(value.shape(), value.dtype(), random.next())) {
                bench.engine().addInPlace(value, noise, 0.2);
            }
        }
        return adapter;
    }

    /** The values of all parameters by name. */
    static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            values.put(parameter.name(), parameter.tensor().floats());
        }
        return values;
    }
}
