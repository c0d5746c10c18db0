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
 * A small model of random weights over a vocabulary of {@link #VOCABULARY} tokens.
 *
 * @param config its configuration
 * @param task what it is for
 */
public record SmallModel(CheckpointConfig config, Task task) {
    /** Size of every vocabulary. */
    public static final int VOCABULARY = 32;

    /** A decoder of three blocks with two key heads for four query heads. */
    public static SmallModel llama() {
        return llama(Task.CAUSAL_LM, "LlamaForCausalLM");
    }

    /** The same with a head over three classes, {@code score}. */
    public static SmallModel llamaClassifier() {
        return llama(Task.SEQ_CLS, "LlamaForSequenceClassification");
    }

    private static SmallModel llama(Task task, String architecture) {
        return of(
                task,
                Map.of(
                        "model_type", "llama",
                        "architectures", List.of(architecture),
                        "hidden_size", 16,
                        "intermediate_size", 24,
                        "num_hidden_layers", 3,
                        "num_attention_heads", 4,
                        "num_key_value_heads", 2,
                        "pad_token_id", 0,
                        "id2label", Map.of("0", "a", "1", "b", "2", "c")));
    }

    /** A decoder of two blocks with learned positions and a tied head. */
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

    /** An encoder of two blocks with a head over three classes, {@code classifier}. */
    public static SmallModel bert() {
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

    private static SmallModel of(Task task, Map<String, Object> keys) {
        Map<String, Object> all = new TreeMap<>(keys);
        all.put("vocab_size", VOCABULARY);
        return new SmallModel(JsonCheckpointConfig.of(Path.of("config.json"), all), task);
    }

    /** The model in memory. */
    public LoadedModel load(Bench bench) {
        return bench.random(config, task, task == Task.SEQ_CLS ? 3 : 0, 1);
    }

    /** The model in memory, in double precision. */
    public LoadedModel loadDouble(Bench bench, Path directory) {
        try (LoadedModel model = load(bench)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
        }
        return bench.loadDouble(directory);
    }

    @Override
    public String toString() {
        return config.modelType() + " " + task;
    }
}
