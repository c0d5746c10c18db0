package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.function.Supplier;

/** A token that a configuration names and that texts hold where a technique acts; adapters keep its id. */
public final class NamedToken {
    private static final Shape ONE = Shape.of(1);

    private NamedToken() {}

    /**
     * The token's id, from an adapter's files or from the vocabulary.
     *
     * @param key the configuration key, under which, with {@code _id} behind it, the id is kept
     * @param token the token
     * @param tokenizer the base model's, asked for where the files lack the id
     * @throws ConfigurationException if the vocabulary lacks the token, or it is the one that pads
     */
    public static long id(
            String key, String token, ModelView model, AttachContext context, Supplier<Tokenizer> tokenizer) {
        String stored = key + "_id";
        long found = context.stored(stored) ? -1 : find(key, token, model, tokenizer.get());
        return context.variable(
                        stored,
                        ONE,
                        DType.INT64,
                        (tensors, shape, dtype, random) -> tensors.of(new long[] {found}, ONE))
                .tensor()
                .longs()[0];
    }

    private static long find(String key, String token, ModelView model, Tokenizer tokenizer) {
        int id = tokenizer
                .id(token)
                .filter(known -> known < model.description().vocabulary())
                .orElseThrow(() -> new ConfigurationException(key + " '" + token
                        + "' is not in the vocabulary of the base model; it must be one of its tokens, best one that"
                        + " texts never hold"));
        boolean pads = id == model.description().padToken()
                || tokenizer.special("pad_token").filter(pad -> pad == id).isPresent();
        if (pads) {
            throw new ConfigurationException(
                    key + " '" + token + "' is the token that pads shorter rows; it must be another one");
        }
        return id;
    }
}
