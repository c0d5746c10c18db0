package dev.graft.methods.lora;

import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import java.util.List;

/** Biases of the base that are trained beside the updates. */
final class TrainedBiases {
    private TrainedBiases() {}

    static void declare(
            ModelView model, LoraConfig config, List<Site> targets, SavedModules saved, AttachmentDraft draft) {
        for (Site site : model.sites()) {
            Weight bias = of(site);
            boolean adapted = targets.contains(site);
            boolean wanted =
                    config.bias() == LoraConfig.Bias.ALL || (config.bias() == LoraConfig.Bias.LORA_ONLY && adapted);
            if (bias != null && wanted && !saved.contains(site)) {
                Replacement.bias(site, site.name() + (adapted ? ".base_layer.bias" : ".bias"), bias, draft);
            }
        }
    }

    /** The bias of the base at a site, or null. */
    static Weight of(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.bias();
        }
        return site instanceof NormSite norm ? norm.bias() : null;
    }
}
