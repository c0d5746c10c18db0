package dev.graft.methods.prefix;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.EncodedTable;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.KeyValueTable;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Once;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tokenizer.Tokenizer;

/**
 * A prefix for one model.
 *
 * @param model the model
 * @param config what was asked for
 * @param table the layout of the prefix
 * @param modules what learns in full beside it
 */
record PrefixBuilder(ModelView model, PrefixConfig config, KeyValueTable table, FullModules modules) {
    private static final String TABLE = "prompt_embeddings";
    private static final String ENCODER = "prompt_encoder.default.";

    static PrefixBuilder of(ModelView model, PrefixConfig config) {
        return new PrefixBuilder(
                model,
                config,
                KeyValueTable.of(model, config.numVirtualTokens()),
                FullModules.of(model, config.modulesToSave()));
    }

    /** Number of elements that learn. */
    long elements() {
        long prefix =
                config.prefixProjection() ? encoded().elements() : table.shape().elements();
        return prefix + modules.elements(model);
    }

    Attachment attach(AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        boolean encoded = context.loading() ? encoded().stored(context) : config.prefixProjection();
        if (encoded) {
            Once prefix = encoded().declare(attachment, config.initWeights() != null);
            table.patch(attachment.patches(), pass -> pass.once(prefix));
        } else {
            Parameter prefix =
                    attachment.declare(ParameterSpec.of(TABLE, table.shape(), initializer(context), Integer.MAX_VALUE));
            table.patch(attachment.patches(), pass -> prefix.tensor());
        }
        modules.train(model, attachment, ParameterSpec.Storage.REQUIRED);
        attachment.refuseMerge("a prefix cannot be merged, because the keys and values it puts in front of a text are"
                + " no weights of the model; keep it as an adapter");
        return attachment.build();
    }

    private EncodedTable encoded() {
        int width = table.blockWidth();
        int hidden = config.encoderHiddenSize() == null ? width : config.encoderHiddenSize();
        return new EncodedTable(TABLE, ENCODER, table.shape(), width, hidden);
    }

    private Initializer initializer(AttachContext context) {
        if (config.initText() != null && !context.loading()) {
            return Initializer.of(table.join(context.tensors(), context.keyValues(tokens(context))));
        }
        return config.initWeights() != null ? Initializer.constant(0) : Initializer.normal(1);
    }

    /** The tokens of the text, repeated or cut to the length of the prefix. */
    private int[] tokens(AttachContext context) {
        Tokenizer tokenizer = context.tokenizer()
                .orElseThrow(() -> new ConfigurationException(
                        "init_text needs the tokenizer of the base model, which has none beside its weights"));
        int[] text = tokenizer.encode(config.initText(), false).ids();
        if (text.length == 0) {
            throw new ConfigurationException(
                    "init_text '" + config.initText() + "' has no tokens; it must hold at least one");
        }
        int[] tokens = new int[config.numVirtualTokens()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = text[i % text.length];
        }
        return tokens;
    }
}
