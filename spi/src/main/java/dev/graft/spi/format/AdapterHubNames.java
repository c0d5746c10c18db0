package dev.graft.spi.format;

import dev.graft.spi.model.SublayerSite;

/** What AdapterHub calls the modules that it adds to a model. */
public final class AdapterHubNames {
    private AdapterHubNames() {}

    /**
     * The module that keeps what acts where a sublayer joins the stream: the one that ends the sublayer if it adds the
     * stream itself (BERT's, which holds the norm, or T5's, which is numbered), otherwise one of the block, for instance
     * {@code model.layers.0.attention_adapters}.
     */
    public static String module(SublayerSite site) {
        String name = site.name();
        boolean endsItself =
                (site.norm() != null && site.norm().name().startsWith(name + ".")) || name.matches(".*\\.\\d+");
        if (endsItself) {
            return name;
        }
        String kind = switch (site.kind()) {
            case ATTENTION -> ".attention_adapters";
            case CROSS_ATTENTION -> ".cross_attention_adapters";
            case FEED_FORWARD -> ".output_adapters";
        };
        return block(site) + kind;
    }

    /** The block of a sublayer: its name up to the first number, so that blocks of two stacks are told apart. */
    public static String block(SublayerSite site) {
        return site.name().replaceFirst("^(.*?\\.\\d+)(?:\\..*)?$", "$1");
    }
}
