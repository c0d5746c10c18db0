package dev.graft.methods.ptuning;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.tokenizer.Tokenizer;

/** Finds the id of the token that virtual tokens stand in for; adapters keep it beside their vectors. */
final class PseudoToken {
    private static final String STORED = "pseudo_token_id";
    private static final Shape ONE = Shape.of(1);

    private PseudoToken() {}

    /**
     * The id of a token.
     *
     * @throws ConfigurationException if the vocabulary lacks it, or it is the one that pads
     */
    static long id(String token, ModelView model, AttachContext context) {
        long known = context.stored(STORED) ? -1 : find(token, model, context);
        return context.variable(
                        STORED,
                        ONE,
                        DType.INT64,
                        (tensors, shape, dtype, random) -> tensors.of(new long[] {known}, ONE))
                .tensor()
                .longs()[0];
    }

    private static long find(String token, ModelView model, AttachContext context) {
        Tokenizer tokenizer = context.tokenizer()
                .orElseThrow(() -> new ConfigurationException("pseudo_token is '" + token
                        + "', which needs a tokenizer to be found, but the base model has none"));
        int id = tokenizer
                .id(token)
                .filter(found -> found < model.description().vocabulary())
                .orElseThrow(() -> new ConfigurationException("pseudo_token '" + token
                        + "' is not in the vocabulary of the base model; it must be one of its tokens, best one that"
                        + " texts never hold"));
        boolean pads = id == model.description().padToken()
                || tokenizer.special("pad_token").filter(pad -> pad == id).isPresent();
        if (pads) {
            throw new ConfigurationException(
                    "pseudo_token '" + token + "' is the token that pads shorter rows; it must be another one");
        }
        return id;
    }
}
