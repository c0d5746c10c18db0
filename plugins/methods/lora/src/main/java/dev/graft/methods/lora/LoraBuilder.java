package dev.graft.methods.lora;

import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import java.util.List;

/** Builds the attachment of a configuration. */
final class LoraBuilder {
    private LoraBuilder() {}

    static Attachment build(ModelView model, LoraConfig config, AttachContext context) {
        AttachmentDraft draft = new AttachmentDraft(context);
        SavedModules saved = SavedModules.of(model, config);
        List<Site> targets = Targets.of(model, config, saved);
        TrainedBiases.declare(model, config, targets, saved, draft);
        TiedHeads heads = new TiedHeads(model);
        LinearTargets linears = new LinearTargets(config, draft);
        EmbeddingTargets embeddings = new EmbeddingTargets(config, heads, draft);
        for (Site target : targets) {
            if (target instanceof LinearSite linear) {
                linears.adapt(linear);
            } else if (target instanceof EmbeddingSite embedding) {
                embeddings.adapt(embedding);
            }
        }
        saved.train(heads, draft);
        TrainedTokens.of(model, config, targets, saved).train(draft);
        return draft.finish();
    }
}
