package dev.graft.methods.lora;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import java.util.List;

/**
 * Modules that are trained in full; a classification head always is.
 *
 * @param model the model
 * @param modules which they are
 */
record SavedModules(ModelView model, FullModules modules) {
    /**
     * The modules of a configuration.
     *
     * @throws dev.graft.spi.config.ConfigurationException if it names one that the model does not have
     */
    static SavedModules of(ModelView model, LoraConfig config) {
        return new SavedModules(model, FullModules.of(model, config.modulesToSave()));
    }

    /** Whether a site is one of the modules, or inside one. */
    boolean contains(Site site) {
        return modules.contains(site);
    }

    /** Gives every parameter of the modules a trainable value. A head tied to a table that is saved is parted from it. */
    void train(TiedHeads heads, AttachmentDraft draft) {
        for (Site site : model.sites()) {
            if (!contains(site)) {
                continue;
            }
            if (site instanceof LinearSite linear) {
                Replacement.of(site, site.name() + ".weight", TiedHeads.weightName(linear), linear.weight(), draft);
            } else if (site instanceof NormSite norm) {
                replaceWeight(site, norm.weight(), draft);
            } else if (site instanceof EmbeddingSite table) {
                replaceWeight(site, table.weight(), draft);
                heads.of(table).stream().filter(head -> !contains(head)).forEach(head -> part(head, draft));
            }
            Weight bias = TrainedBiases.of(site);
            if (bias != null) {
                ignoreCopies(site.name(), draft);
                Replacement.bias(site, site.name() + ".bias", bias, draft);
            }
        }
    }

    private static void replaceWeight(Site site, Weight weight, AttachmentDraft draft) {
        Replacement.of(site, site.name() + ".weight", weight.name(), weight, draft);
    }

    private static void part(LinearSite head, AttachmentDraft draft) {
        draft.patches().parameter(TiedHeads.weightName(head), (pass, base) -> base);
        draft.merge(TiedHeads.weightName(head), base -> base);
    }

    /** PEFT writes the biases of saved modules up to three times when it trains all biases. */
    private void ignoreCopies(String module, AttachmentDraft draft) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String outer = module.substring(0, end);
            if (modules.names().stream().anyMatch(outer::endsWith)) {
                for (String copy : List.of(".modules_to_save", ".modules_to_save.default", ".original_module")) {
                    draft.context().ignore(PeftNames.onDisk(outer + copy + module.substring(end) + ".bias"));
                }
            }
        }
    }
}
