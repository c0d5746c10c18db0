package dev.graft.methods.adapter;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.AdapterHubNames;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.SublayerSite;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where one adapter sits.
 *
 * @param site the sublayer it belongs to
 * @param module the module that AdapterHub keeps adapters in, for instance
 *     {@code bert.encoder.layer.0.attention.output} or {@code model.layers.0.attention_adapters}
 * @param width width of its bottleneck
 */
record Place(SublayerSite site, String module, int width) {
    /**
     * The places that a configuration means, in the order of the forward pass.
     *
     * @throws ConfigurationException if there is none
     */
    static List<Place> of(ModelView model, AdapterConfig config) {
        List<Place> places = new ArrayList<>();
        Set<String> blocks = new LinkedHashSet<>();
        for (SublayerSite site : model.sites(SublayerSite.class).toList()) {
            blocks.add(AdapterHubNames.block(site));
            int layer = blocks.size() - 1;
            if (asked(site.kind(), config) && !config.leaveOut().contains(layer)) {
                int width = Reduction.width(config.reductionFactor(), layer, site.width());
                places.add(new Place(site, AdapterHubNames.module(site), width));
            }
        }
        checkLayers(config, blocks.size());
        if (places.isEmpty()) {
            throw new ConfigurationException("mh_adapter, output_adapter, cross_adapter and leave_out leave no place"
                    + " for an adapter in this model of " + blocks.size() + " layers");
        }
        return places;
    }

    private static void checkLayers(AdapterConfig config, int layers) {
        for (int layer : config.leaveOut()) {
            if (layer >= layers) {
                throw new ConfigurationException(
                        "leave_out names layer " + layer + ", but this model's layers are 0 to " + (layers - 1));
            }
        }
    }

    /** The name of its modules up to where the adapter's own begin. */
    String adapter(String name) {
        return module + ".adapters." + name;
    }

    private static boolean asked(SublayerSite.Kind kind, AdapterConfig config) {
        return switch (kind) {
            case ATTENTION -> config.mhAdapter();
            case CROSS_ATTENTION -> config.crossAdapter();
            case FEED_FORWARD -> config.outputAdapter();
        };
    }
}
