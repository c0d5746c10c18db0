package dev.graft.methods.prompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Arrays;

/** What the virtual tokens of a new adapter begin as (Lester et al. 2021, section 3.2). */
final class PromptInitialization {
    private PromptInitialization() {}

    /**
     * Gives the first values.
     *
     * @param table the token table
     * @throws ConfigurationException if there is no tokenizer for a text, or no token in it
     */
    static Initializer of(PromptConfig config, EmbeddingSite table, AttachContext context) {
        if (context.loading()) {
            return Initializer.constant(0);
        }
        if (!config.tokenizerKwargs().isEmpty()) {
            throw new ConfigurationException("tokenizer_kwargs is " + config.tokenizerKwargs()
                    + "; texts are split by the base model's own tokenizer as it is, so it must be left out");
        }
        return switch (config.promptTuningInit()) {
            case "TEXT" -> vectors(table, repeated(text(config, context), config.numVirtualTokens()));
            case "SAMPLE_VOCAB" -> sampled(table);
            default -> Initializer.normal(1);
        };
    }

    /** The ids one after the other, from the first again when they run out, until there are {@code count}. */
    static long[] repeated(int[] ids, int count) {
        long[] repeated = new long[count];
        Arrays.setAll(repeated, i -> ids[i % ids.length]);
        return repeated;
    }

    private static int[] text(PromptConfig config, AttachContext context) {
        Tokenizer tokenizer = context.tokenizer()
                .orElseThrow(() -> new ConfigurationException(
                        "prompt_tuning_init is TEXT, which needs a tokenizer, but the base model has none"));
        int[] ids = tokenizer.encode(config.promptTuningInitText(), true).ids();
        if (ids.length == 0) {
            throw new ConfigurationException("prompt_tuning_init_text '" + config.promptTuningInitText()
                    + "' holds no token; it must hold at least one");
        }
        return ids;
    }

    private static Initializer vectors(EmbeddingSite table, long[] ids) {
        return (tensors, shape, dtype, random) -> table.weight()
                .tensor()
                .embedding(tensors.of(ids, Shape.of(ids.length)))
                .mul(table.scale())
                .cast(dtype);
    }

    private static Initializer sampled(EmbeddingSite table) {
        int rows = Math.toIntExact(table.weight().shape().size(0));
        return (tensors, shape, dtype, random) -> {
            long[] ids = new long[Math.toIntExact(shape.size(0))];
            Arrays.setAll(ids, i -> random.nextInt(rows));
            return vectors(table, ids).create(tensors, shape, dtype, random);
        };
    }
}
