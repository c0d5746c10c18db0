package dev.graft.tck.bench;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.CheckpointConfig;
import dev.graft.spi.model.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The models that rules are tried on: a few blocks of random weights, the same for the same seed. Each shows a trait that
 * breaks plugins; the plugin of its family has to be installed.
 */
public enum TinyModel {
    /** A decoder of three blocks without biases, whose queries share keys in pairs; its head is a weight of its own. */
    DECODER(Task.CAUSAL_LM),
    /** The same with two blocks and a head that is the table of embeddings. */
    DECODER_TIED(Task.CAUSAL_LM),
    /** A decoder of two blocks whose queries, keys and values have biases. */
    DECODER_BIASES(Task.CAUSAL_LM),
    /** A decoder whose weights are stored with the input first, with biases, layer norms and a tied head. */
    DECODER_INPUT_MAJOR(Task.CAUSAL_LM),
    /** A decoder of two blocks that tells three classes apart. */
    DECODER_CLASSIFIER(Task.SEQ_CLS),
    /** An encoder of two blocks that tells three classes apart. */
    ENCODER_CLASSIFIER(Task.SEQ_CLS),
    /** An encoder of two blocks that guesses masked tokens, with a tied head. */
    ENCODER_MASKED(Task.MASKED_LM);

    /** Size of every vocabulary. */
    public static final int VOCABULARY = 32;

    private static final int CLASSES = 3;

    private final Task task;

    TinyModel(Task task) {
        this.task = task;
    }

    /**
     * A model by its name, for instance {@code decoder-tied}.
     *
     * @throws ConfigurationException if there is none of this name
     */
    public static TinyModel named(String name) {
        return Stream.of(values())
                .filter(model -> model.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no tiny model '" + name + "'; there are "
                        + Stream.of(values()).map(TinyModel::toString).toList()));
    }

    /** What its head is for. */
    public Task task() {
        return task;
    }

    /** Number of classes; 0 for a head over the vocabulary. */
    public int labels() {
        return task == Task.SEQ_CLS ? CLASSES : 0;
    }

    /** Its {@code config.json}. */
    public CheckpointConfig config() {
        return config(Map.of());
    }

    /** Its {@code config.json} with other keys; null takes a key out. */
    public CheckpointConfig config(Map<String, Object> changes) {
        Map<String, Object> all = new TreeMap<>(keys());
        all.put("vocab_size", VOCABULARY);
        changes.forEach((key, value) -> {
            if (value == null) {
                all.remove(key);
            } else {
                all.put(key, value);
            }
        });
        return JsonCheckpointConfig.of(Path.of("config.json"), all);
    }

    private Map<String, Object> keys() {
        return switch (this) {
            case DECODER -> Configs.llama(3, "LlamaForCausalLM", Map.of("tie_word_embeddings", false));
            case DECODER_TIED -> Configs.llama(2, "LlamaForCausalLM", Map.of("tie_word_embeddings", true));
            case DECODER_BIASES -> Configs.qwen2();
            case DECODER_INPUT_MAJOR -> Configs.gpt2();
            case DECODER_CLASSIFIER ->
                Configs.llama(
                        2, "LlamaForSequenceClassification", Map.of("pad_token_id", 0, "id2label", Configs.CLASSES));
            case ENCODER_CLASSIFIER ->
                Configs.bert("BertForSequenceClassification", Map.of("id2label", Configs.CLASSES));
            case ENCODER_MASKED -> Configs.bert("BertForMaskedLM", Map.of());
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static final class Configs {
        static final Map<String, Object> CLASSES = Map.of("0", "a", "1", "b", "2", "c");

        static Map<String, Object> llama(int layers, String architecture, Map<String, Object> more) {
            Map<String, Object> keys = new TreeMap<>(Map.of(
                    "model_type", "llama",
                    "architectures", List.of(architecture),
                    "hidden_size", 16,
                    "intermediate_size", 24,
                    "num_hidden_layers", layers,
                    "num_attention_heads", 4,
                    "num_key_value_heads", 2,
                    "max_position_embeddings", 64));
            keys.putAll(more);
            return keys;
        }

        static Map<String, Object> qwen2() {
            return Map.of(
                    "model_type", "qwen2",
                    "architectures", List.of("Qwen2ForCausalLM"),
                    "hidden_size", 16,
                    "intermediate_size", 24,
                    "num_hidden_layers", 2,
                    "num_attention_heads", 4,
                    "num_key_value_heads", 2,
                    "max_position_embeddings", 64,
                    "tie_word_embeddings", false);
        }

        static Map<String, Object> gpt2() {
            return Map.of(
                    "model_type", "gpt2",
                    "architectures", List.of("GPT2LMHeadModel"),
                    "n_embd", 16,
                    "n_layer", 2,
                    "n_head", 4,
                    "n_positions", 64);
        }

        static Map<String, Object> bert(String architecture, Map<String, Object> more) {
            Map<String, Object> keys = new TreeMap<>(Map.of(
                    "model_type", "bert",
                    "architectures", List.of(architecture),
                    "hidden_size", 16,
                    "intermediate_size", 24,
                    "num_hidden_layers", 2,
                    "num_attention_heads", 4,
                    "max_position_embeddings", 64));
            keys.putAll(more);
            return keys;
        }
    }
}
