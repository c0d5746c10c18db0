package dev.graft.models.bert;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Activation;
import dev.graft.spi.model.CheckpointConfig;

/**
 * What {@code config.json} says, with the defaults of transformers.
 *
 * @param roberta whether positions and heads are RoBERTa's
 * @param vocabulary number of token embeddings
 * @param positions number of rows of the position table
 * @param firstPosition row of the first token: RoBERTa's positions begin behind the padding id
 * @param tokenTypes number of token types
 * @param hidden width of the residual stream
 * @param feedForward width inside the feed-forward layers
 * @param layers number of blocks
 * @param heads attention heads
 * @param normEpsilon added to variances
 * @param activation of the feed-forward layers
 * @param dropout dropout on embeddings and on what joins the residual stream
 * @param attentionDropout dropout on attention weights
 * @param headDropout dropout in classification heads
 * @param tied whether the vocabulary head is the token table
 * @param deviation standard deviation of new heads
 * @param padToken id used to pad, or -1
 */
record BertConfig(
        boolean roberta,
        int vocabulary,
        int positions,
        int firstPosition,
        int tokenTypes,
        int hidden,
        int feedForward,
        int layers,
        int heads,
        double normEpsilon,
        Activation activation,
        double dropout,
        double attentionDropout,
        double headDropout,
        boolean tied,
        double deviation,
        int padToken) {
    /** Reads the file. */
    static BertConfig read(CheckpointConfig config) {
        boolean roberta = config.modelType().equals("roberta");
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        check(config, hidden, heads);
        int padToken = config.integer("pad_token_id", roberta ? 1 : 0);
        double dropout = config.number("hidden_dropout_prob", 0.1);
        return new BertConfig(
                roberta,
                config.size("vocab_size"),
                config.size("max_position_embeddings", 512),
                roberta ? padToken + 1 : 0,
                config.size("type_vocab_size", 2),
                hidden,
                config.size("intermediate_size"),
                config.size("num_hidden_layers"),
                heads,
                config.number("layer_norm_eps", 1e-12),
                Activation.of(config, "hidden_act", "gelu"),
                dropout,
                config.number("attention_probs_dropout_prob", 0.1),
                config.number("classifier_dropout", dropout),
                config.flag("tie_word_embeddings", true),
                config.number("initializer_range", 0.02),
                padToken);
    }

    private static void check(CheckpointConfig config, int hidden, int heads) {
        if (hidden % heads != 0) {
            throw new ConfigurationException("config.json: hidden_size is " + hidden
                    + ", which is not a multiple of num_attention_heads " + heads);
        }
        if (config.flag("is_decoder", false)) {
            throw new ConfigurationException("config.json: is_decoder is true, which is not supported; this family runs"
                    + " as an encoder, with is_decoder false");
        }
        String positions = config.text("position_embedding_type").orElse("absolute");
        if (!positions.equals("absolute")) {
            throw new ConfigurationException("config.json: position_embedding_type is '" + positions
                    + "', which is not supported; allowed is absolute");
        }
    }

    /** Width of one head. */
    int headSize() {
        return hidden / heads;
    }
}
