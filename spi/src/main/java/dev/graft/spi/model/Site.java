package dev.graft.spi.model;

/** A named place in a forward pass where attachments may act. Names are the checkpoint's own module names. */
public sealed interface Site permits LinearSite, EmbeddingSite, NormSite, AttentionSite, SublayerSite {
    /** The module's name, for instance {@code model.layers.3.self_attn.q_proj}. */
    String name();

    /** Number of the block it belongs to, from 0; -1 before the first and {@link Integer#MAX_VALUE} after the last. */
    int layer();
}
