package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.tokenizer.Tokenizer;

/** The id of the token that holds the places of trainable ones; adapters keep it beside their vectors. */
final class SoftTokenId {
    private static final String STORED = "soft_token_id";
    private static final Shape ONE = Shape.of(1);

    private SoftTokenId() {}

    /**
     * The id, from an adapter's files or from the vocabulary.
     *
     * @throws ConfigurationException if the vocabulary lacks it, or it is the one that pads
     */
    static long of(String token, ModelView model, AttachContext context) {
        long found = context.stored(STORED) ? -1 : find(token, model, tokenizer(context));
        return context.variable(
                        STORED,
                        ONE,
                        DType.INT64,
                        (tensors, shape, dtype, random) -> tensors.of(new long[] {found}, ONE))
                .tensor()
                .longs()[0];
    }

    /** The base model's tokenizer. */
    static Tokenizer tokenizer(AttachContext context) {
        return context.tokenizer()
                .orElseThrow(() -> new ConfigurationException(
                        "hard-prompt needs a tokenizer to find soft_token and the initial texts of its template, but the"
                                + " base model has none"));
    }

    private static long find(String token, ModelView model, Tokenizer tokenizer) {
        int id = tokenizer
                .id(token)
                .filter(known -> known < model.description().vocabulary())
                .orElseThrow(() -> new ConfigurationException("soft_token '" + token
                        + "' is not in the vocabulary of the base model; it must be one of its tokens, best one that"
                        + " texts never hold"));
        boolean pads = id == model.description().padToken()
                || tokenizer.special("pad_token").filter(pad -> pad == id).isPresent();
        if (pads) {
            throw new ConfigurationException(
                    "soft_token '" + token + "' is the token that pads shorter rows; it must be another one");
        }
        return id;
    }
}
