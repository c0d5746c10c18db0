package dev.graft.models.gpt2;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Activation;
import dev.graft.spi.model.CheckpointConfig;

/**
 * What {@code config.json} says, with the defaults of transformers. {@code reorder_and_upcast_attn} only asks for
 * attention weights in single precision, which every engine computes them in; it changes nothing here.
 *
 * @param vocabulary number of token embeddings
 * @param positions number of position embeddings
 * @param hidden width of the residual stream
 * @param feedForward width inside the feed-forward layers
 * @param layers number of blocks
 * @param heads attention heads
 * @param normEpsilon added to variances
 * @param activation of the feed-forward layers
 * @param scaledAttention whether dot products are divided by the root of the head's width
 * @param scaledByLayer whether they are also divided by the number of the layer, counted from 1
 * @param embeddingDropout dropout on the embeddings
 * @param residualDropout dropout on what joins the residual stream
 * @param attentionDropout dropout on attention weights
 * @param headDropout dropout before a token classifier
 * @param tied whether the vocabulary head is the token table
 * @param deviation standard deviation of new heads
 * @param padToken id used to pad, or -1
 */
record Gpt2Config(
        int vocabulary,
        int positions,
        int hidden,
        int feedForward,
        int layers,
        int heads,
        double normEpsilon,
        Activation activation,
        boolean scaledAttention,
        boolean scaledByLayer,
        double embeddingDropout,
        double residualDropout,
        double attentionDropout,
        double headDropout,
        boolean tied,
        double deviation,
        int padToken) {
    /** Reads the file. */
    static Gpt2Config read(CheckpointConfig config) {
        if (config.flag("add_cross_attention", false)) {
            throw new ConfigurationException("config.json: add_cross_attention is true, which is not supported; this"
                    + " family runs as a decoder of its own, with add_cross_attention false");
        }
        int hidden = config.size("n_embd");
        int heads = config.size("n_head");
        if (hidden % heads != 0) {
            throw new ConfigurationException(
                    "config.json: n_embd is " + hidden + ", which is not a multiple of n_head " + heads);
        }
        return new Gpt2Config(
                config.size("vocab_size"),
                config.size("n_positions", 1024),
                hidden,
                config.size("n_inner", 4 * hidden),
                config.size("n_layer"),
                heads,
                config.number("layer_norm_epsilon", 1e-5),
                Activation.of(config, "activation_function", "gelu_new"),
                config.flag("scale_attn_weights", true),
                config.flag("scale_attn_by_inverse_layer_idx", false),
                config.number("embd_pdrop", 0.1),
                config.number("resid_pdrop", 0.1),
                config.number("attn_pdrop", 0.1),
                config.number("classifier_dropout", config.number("hidden_dropout", 0.1)),
                config.flag("tie_word_embeddings", true),
                config.number("initializer_range", 0.02),
                config.integer("pad_token_id", -1));
    }

    /** Width of one head. */
    int headSize() {
        return hidden / heads;
    }

    /** Factor on the dot products of a layer, counted from 0. */
    double attentionScale(int layer) {
        double scale = scaledAttention ? 1 / Math.sqrt(headSize()) : 1;
        return scaledByLayer ? scale / (layer + 1) : scale;
    }
}
