package dev.graft.methods.lora;

import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Biases of the base that are trained beside the updates.
 *
 * @param bySite their values by the site they belong to
 */
record TrainedBiases(Map<String, Parameter> bySite) {
    static TrainedBiases declare(
            ModelView model, LoraConfig config, List<Site> targets, SavedModules saved, AttachmentDraft draft) {
        Map<String, Parameter> bySite = new TreeMap<>();
        for (Site site : model.sites()) {
            Weight bias = of(site);
            boolean adapted = targets.contains(site);
            boolean wanted =
                    config.bias() == LoraConfig.Bias.ALL || (config.bias() == LoraConfig.Bias.LORA_ONLY && adapted);
            if (bias != null && wanted && !saved.contains(site)) {
                String name = site.name() + (adapted ? ".base_layer.bias" : ".bias");
                bySite.put(site.name(), Replacement.bias(site, name, bias, draft));
            }
        }
        return new TrainedBiases(bySite);
    }

    /** The bias a site adds now, or null. */
    Tensor current(LinearSite site) {
        Parameter trained = bySite.get(site.name());
        if (trained != null) {
            return trained.tensor();
        }
        return site.bias() == null ? null : site.bias().tensor();
    }

    /** The bias of the base at a site, or null. */
    static Weight of(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.bias();
        }
        return site instanceof NormSite norm ? norm.bias() : null;
    }
}
