package dev.graft.models.llama;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Activation;
import dev.graft.spi.model.CheckpointConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code config.json} says about a decoder of this family, with the defaults of transformers.
 *
 * @param vocabulary number of token embeddings
 * @param hidden width of the residual stream
 * @param feedForward width inside the feed-forward layers
 * @param layers what differs from block to block
 * @param heads query heads
 * @param keyHeads key and value heads
 * @param headSize width of one head
 * @param normEpsilon added to mean squares
 * @param activation of the gate
 * @param inputBias whether query, key and value projections have a bias
 * @param outputBias whether the attention output projection has one
 * @param feedForwardBias whether the feed-forward projections have one
 * @param normedHeads whether queries and keys are normalised head by head
 * @param tied whether the vocabulary head is the token table
 * @param maxPositions longest sequence, or 0 where nothing limits it
 * @param attentionDropout probability of dropping an attention weight
 * @param headDropout probability of dropping a feature before a token classifier
 * @param deviation standard deviation of new heads
 * @param padToken id used to pad, or -1
 */
record LlamaConfig(
        int vocabulary,
        int hidden,
        int feedForward,
        List<Layer> layers,
        int heads,
        int keyHeads,
        int headSize,
        double normEpsilon,
        Activation activation,
        boolean inputBias,
        boolean outputBias,
        boolean feedForwardBias,
        boolean normedHeads,
        boolean tied,
        int maxPositions,
        double attentionDropout,
        double headDropout,
        double deviation,
        int padToken) {
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    /**
     * What differs from block to block.
     *
     * @param rope its rotary positions
     * @param window how many of the latest keys a query sees; 0 = all
     */
    record Layer(Rope rope, int window) {}

    /** Reads the file. */
    static LlamaConfig read(CheckpointConfig config) {
        String type = config.modelType();
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int keyHeads = config.size("num_key_value_heads", defaultKeyHeads(type, heads));
        if (heads % keyHeads != 0) {
            throw new ConfigurationException("config.json: num_attention_heads is " + heads
                    + ", which is not a multiple of num_key_value_heads " + keyHeads);
        }
        int headSize = config.size("head_dim", type.equals("qwen3") ? 128 : hidden / heads);
        boolean attentionBias = (type.equals("llama") || type.equals("qwen3")) && config.flag("attention_bias", false);
        List<Layer> layers = layers(config, headSize);
        return new LlamaConfig(
                config.size("vocab_size"),
                hidden,
                config.size("intermediate_size"),
                layers,
                heads,
                keyHeads,
                headSize,
                config.number("rms_norm_eps", 1e-6),
                Activation.of(config, "hidden_act", "silu"),
                attentionBias || type.equals("qwen2"),
                attentionBias,
                type.equals("llama") && config.flag("mlp_bias", false),
                type.equals("qwen3"),
                config.flag("tie_word_embeddings", false),
                layers.stream()
                        .mapToInt(layer -> layer.rope().maxPositions())
                        .min()
                        .orElse(0),
                config.number("attention_dropout", 0),
                config.number("classifier_dropout", config.number("hidden_dropout", 0.1)),
                config.number("initializer_range", 0.02),
                config.integer("pad_token_id", -1));
    }

    private static int defaultKeyHeads(String type, int heads) {
        return type.equals("mistral") ? 8 : heads;
    }

    private static List<Layer> layers(CheckpointConfig config, int headSize) {
        int maxPositions = config.size("max_position_embeddings", defaultPositions(config.modelType()));
        int window = window(config);
        Map<String, Rope> ropes = new HashMap<>();
        List<Layer> layers = new ArrayList<>();
        for (String layerType : layerTypes(config, window)) {
            Rope rope = ropes.computeIfAbsent(
                    config.has("rope_parameters." + layerType) ? layerType : "",
                    key -> RopeKinds.read(RopeKeys.of(config, layerType), headSize, maxPositions));
            layers.add(new Layer(rope, layerType.equals(SLIDING) ? window : 0));
        }
        return List.copyOf(layers);
    }

    private static int defaultPositions(String type) {
        return switch (type) {
            case "mistral" -> 4096 * 32;
            case "qwen2", "qwen3" -> 32768;
            default -> 2048;
        };
    }

    /** Width of the sliding window; 0 where there is none. A null in the file means none, a missing key the default. */
    private static int window(CheckpointConfig config) {
        boolean slides = switch (config.modelType()) {
            case "mistral" -> true;
            case "qwen2", "qwen3" -> config.flag("use_sliding_window", false);
            default -> false;
        };
        boolean switchedOff = config.asMap().containsKey("sliding_window") && !config.has("sliding_window");
        if (!slides || switchedOff) {
            return 0;
        }
        return config.integer("sliding_window", 4096);
    }

    private static List<String> layerTypes(CheckpointConfig config, int window) {
        int count = config.size("num_hidden_layers");
        List<String> given = config.modelType().startsWith("qwen") ? config.texts("layer_types") : List.of();
        if (given.isEmpty()) {
            List<String> types = new ArrayList<>(Collections.nCopies(count, FULL));
            int first = config.modelType().equals("mistral") ? 0 : config.integer("max_window_layers", 28);
            for (int layer = first; window > 0 && layer < count; layer++) {
                types.set(layer, SLIDING);
            }
            return types;
        }
        if (given.size() != count || !List.of(FULL, SLIDING).containsAll(given)) {
            throw new ConfigurationException("config.json: layer_types is " + given + "; it must hold '" + FULL
                    + "' or '" + SLIDING + "' for each of the " + count + " layers");
        }
        return given;
    }
}
