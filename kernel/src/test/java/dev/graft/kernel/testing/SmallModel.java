package dev.graft.kernel.testing;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A small model of random weights. Its family's plugin has to be on the class path.
 *
 * @param config its configuration
 * @param task what it is for
 */
public record SmallModel(CheckpointConfig config, Task task) {
    /** Size of every vocabulary. */
    public static final int VOCABULARY = 32;

    private static final int CLASSES = 3;

    /** A decoder of three blocks without biases whose queries share keys in pairs. */
    public static SmallModel llama() {
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
                        "tie_word_embeddings", false));
    }

    /** A decoder of two blocks whose queries, keys and values have biases. */
    public static SmallModel qwen2() {
        return of(
                Task.CAUSAL_LM,
                Map.of(
                        "model_type", "qwen2",
                        "architectures", List.of("Qwen2ForCausalLM"),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 2,
                        "num_attention_heads", 4,
                        "num_key_value_heads", 2,
                        "max_position_embeddings", 64,
                        "tie_word_embeddings", false));
    }

    /** A decoder of two blocks whose weights are stored with the input first, with biases and a tied head. */
    public static SmallModel gpt2() {
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
    public static SmallModel bertClassifier() {
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

    /** A decoder of two blocks with a head over three classes, {@code score}. */
    public static SmallModel llamaClassifier() {
        return of(
                Task.SEQ_CLS,
                Map.of(
                        "model_type", "llama",
                        "architectures", List.of("LlamaForSequenceClassification"),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 2,
                        "num_attention_heads", 4,
                        "num_key_value_heads", 2,
                        "pad_token_id", 0,
                        "id2label", Map.of("0", "a", "1", "b", "2", "c")));
    }

    /** An encoder of two blocks that guesses masked tokens; its vocabulary's bias is a parameter beside the layer. */
    public static SmallModel bertMasked() {
        return of(
                Task.MASKED_LM,
                Map.of(
                        "model_type", "bert",
                        "architectures", List.of("BertForMaskedLM"),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 2,
                        "num_attention_heads", 4,
                        "max_position_embeddings", 64));
    }

    private static SmallModel of(Task task, Map<String, Object> keys) {
        Map<String, Object> all = new TreeMap<>(keys);
        all.put("vocab_size", VOCABULARY);
        return new SmallModel(JsonCheckpointConfig.of(Path.of("config.json"), all), task);
    }

    /** The same model with other keys in its configuration. */
    public SmallModel with(Map<String, Object> keys) {
        Map<String, Object> all = new TreeMap<>(config.asMap());
        all.putAll(keys);
        return new SmallModel(JsonCheckpointConfig.of(Path.of("config.json"), all), task);
    }

    /** The model in memory; every weight counts as drawn at random. */
    public LoadedModel random(Bench bench) {
        return bench.random(config, task, task == Task.CAUSAL_LM || task == Task.MASKED_LM ? 0 : CLASSES, 1);
    }

    /** The model in memory, in double precision, by way of a checkpoint in a directory. */
    public LoadedModel loadDouble(Bench bench, Path directory) {
        return bench.loadDouble(write(bench, directory));
    }

    /** Writes the model, so that a checkpoint of it is complete. */
    public Path write(Bench bench, Path directory) {
        try (LoadedModel model = random(bench)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
        }
        return directory;
    }

    @Override
    public String toString() {
        return config.modelType() + " " + task;
    }
}
