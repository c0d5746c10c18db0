package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Gives single tokens trainable vectors of their own. A head that is tied to the table uses the same ones.
 *
 * @param idsBySite the tokens of every table and head
 * @param targets sites that have a low-rank update already
 * @param saved modules that are trained in full already
 * @param heads which heads are tied to which table
 */
record TrainedTokens(Map<Site, List<Long>> idsBySite, List<Site> targets, SavedModules saved, TiedHeads heads) {
    static TrainedTokens of(ModelView model, LoraConfig config, List<Site> targets, SavedModules saved) {
        Map<Site, List<Long>> idsBySite = TokenIndices.read(model, config.trainableTokenIndices());
        return new TrainedTokens(idsBySite, targets, saved, new TiedHeads(model));
    }

    void train(AttachmentDraft draft) {
        idsBySite.forEach((site, ids) -> {
            if (site instanceof EmbeddingSite table) {
                train(table, ids, draft);
            } else if (site instanceof LinearSite head && !followsItsTable(head)) {
                TokenRows rows = rows(head, head.weight(), ids, draft);
                draft.patches().linear(head.name(), new TokenLogits(rows));
                draft.merge(TiedHeads.weightName(head), rows::replaceIn);
            }
        });
    }

    private void train(EmbeddingSite table, List<Long> ids, AttachmentDraft draft) {
        TokenRows rows = rows(table, table.weight(), ids, draft);
        draft.patches().embedding(table.name(), new TokenVectors(table, rows));
        draft.merge(table.weight().name(), rows::replaceIn);
        for (LinearSite head : heads.of(table)) {
            boolean own = idsBySite.containsKey(head) && !followsItsTable(head);
            if (!own && !saved.contains(head)) {
                refuseTargeted(head);
                draft.patches().linear(head.name(), new TokenLogits(rows));
                draft.merge(TiedHeads.weightName(head), rows::replaceIn);
            }
        }
    }

    /** Whether a head is tied to a table for which the same tokens are named. */
    boolean followsItsTable(LinearSite head) {
        return idsBySite.entrySet().stream()
                .anyMatch(entry -> entry.getKey() instanceof EmbeddingSite table
                        && heads.of(table).contains(head)
                        && entry.getValue().equals(idsBySite.get(head)));
    }

    private TokenRows rows(Site site, Weight weight, List<Long> ids, AttachmentDraft draft) {
        refuseTargeted(site);
        if (saved.contains(site)) {
            throw new ConfigurationException("trainable_token_indices and modules_to_save both name '" + site.name()
                    + "'; a module is trained in full or token by token");
        }
        Shape table = weight.shape();
        var tensors = draft.context().tensors();
        Tensor index = tensors.of(ids.stream().mapToLong(Long::longValue).toArray(), Shape.of(ids.size()));
        Tensor begun = weight.tensor().select(0, index);
        String other = site.name() + ".trainable_tokens_delta";
        String name = draft.context().stored(PeftNames.onDisk(other))
                ? other
                : site.name() + ".token_adapter.trainable_tokens_delta";
        Parameter rows = draft.declare(site, name, Shape.of(ids.size(), table.size(1)), Initializer.of(begun));
        Tensor sources = tensors.of(TokenRows.sources(ids, table.size(0)), Shape.of(table.size(0)));
        return new TokenRows(
                tensors,
                ids,
                rows,
                draft.context().retain(begun),
                draft.context().retain(index),
                draft.context().retain(sources));
    }

    private void refuseTargeted(Site site) {
        if (targets.contains(site)) {
            throw new ConfigurationException("trainable_token_indices and target_modules both act on '" + site.name()
                    + "'; a module gets a low-rank update or vectors for single tokens");
        }
    }
}
