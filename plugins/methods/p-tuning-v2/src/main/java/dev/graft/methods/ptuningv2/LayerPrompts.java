package dev.graft.methods.ptuningv2;

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

/**
 * Prompts of every block of one model.
 *
 * @param model the model
 * @param projected whether they learn through a network when they are new
 * @param table their layout
 * @param network the network they may learn through
 * @param modules what learns in full beside them
 */
record LayerPrompts(
        ModelView model, boolean projected, KeyValueTable table, EncodedTable network, FullModules modules) {
    private static final String TABLE = "prompt_embeddings";
    private static final String ENCODER = "prompt_encoder.default.";

    static LayerPrompts of(ModelView model, PTuningV2Config config) {
        KeyValueTable table = KeyValueTable.of(model, config.length());
        EncodedTable network =
                new EncodedTable(TABLE, ENCODER, table.shape(), table.blockWidth(), config.prefixHiddenSize());
        return new LayerPrompts(
                model, config.prefixProjection(), table, network, FullModules.of(model, config.modulesToSave()));
    }

    /** Number of elements that learn. */
    long elements() {
        return (projected ? network.elements() : table.shape().elements()) + modules.elements(model);
    }

    Attachment attach(AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::besideVirtualTokens);
        if (context.loading() ? network.stored(context) : projected) {
            Once prompts = network.declare(attachment, false);
            table.patch(attachment.patches(), pass -> pass.once(prompts));
        } else {
            Parameter prompts = attachment.declare(
                    ParameterSpec.of(TABLE, table.shape(), Initializer.normal(1), Integer.MAX_VALUE));
            table.patch(attachment.patches(), pass -> prompts.tensor());
        }
        modules.train(model, attachment, ParameterSpec.Storage.REQUIRED);
        attachment.refuseMerge("prompts of every block cannot be merged, because the keys and values they put in front"
                + " of a text are no weights of the model; keep them as an adapter");
        return attachment.build();
    }
}
