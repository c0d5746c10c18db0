package dev.graft.methods.adapterfusion;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Part;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.model.SublayerSite;
import java.util.ArrayList;
import java.util.List;

/**
 * A sublayer where adapters are mixed.
 *
 * @param site the sublayer
 * @param parts what the adapters do there, in the order in which they were named
 */
record FusionPlace(SublayerSite site, List<SublayerPatch> parts) {
    /**
     * The sublayers at which at least one adapter acts, in the order of the forward pass.
     *
     * @throws ConfigurationException if there are no adapters, or one of them acts at no sublayer
     */
    static List<FusionPlace> of(ModelView model, List<Part> parts) {
        if (parts.isEmpty()) {
            throw new ConfigurationException(
                    "a fusion mixes adapters: name their directories under parts, for instance [runs/a, runs/b]");
        }
        for (Part part : parts) {
            if (part.attachment().patches().sublayer().isEmpty()) {
                throw new ConfigurationException("adapter '" + part.name() + "' of method '" + part.method()
                        + "' does nothing after a sublayer, so that a fusion cannot mix it");
            }
        }
        List<FusionPlace> places = new ArrayList<>();
        for (SublayerSite site : model.sites(SublayerSite.class).toList()) {
            List<SublayerPatch> here = parts.stream()
                    .map(part -> part.attachment().patches().sublayer())
                    .filter(patches -> patches.containsKey(site.name()))
                    .map(patches -> patches.get(site.name()))
                    .toList();
            if (!here.isEmpty()) {
                places.add(new FusionPlace(site, here));
            }
        }
        return places;
    }
}
