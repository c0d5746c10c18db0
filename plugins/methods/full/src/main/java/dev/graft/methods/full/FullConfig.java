package dev.graft.methods.full;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Which parameters of the base learn, and when.
 *
 * @param trainableLayers number of blocks that learn; null = all of the model
 * @param trainableModules the modules that learn; null = all
 * @param extraModules modules outside the blocks that learn as well when {@code trainableLayers} is set
 * @param headOnly whether only the head learns
 * @param unfreezeEvery epochs after which one more block begins to learn; null = all from the start
 * @param unfreezeFirst blocks that learn from the start of gradual unfreezing
 */
public record FullConfig(
        @Key("Number of blocks that learn: the last n, or the first n if negative; left out, the whole model learns")
        Integer trainableLayers,

        @Key("Modules that learn: a list of names such as self_attn or q_proj, or a regular expression for whole names;"
                + " left out, all of them")
        Choice trainableModules,

        @Key("Modules outside the blocks that learn beside trainable_layers, such as embed_tokens, norm or lm_head")
        List<String> extraModules,

        @Key(value = "Whether only the head learns", defaultsTo = "false")
        boolean headOnly,

        @Key(
                value = "Gradual unfreezing: epochs after which the next lower block begins to learn; left out, all"
                        + " learn from the start",
                min = 0.001)
        Double unfreezeEvery,

        @Key(value = "Gradual unfreezing: blocks that learn from the start", defaultsTo = "0", min = 0)
        int unfreezeFirst) {
    /** Copies the list. */
    public FullConfig {
        extraModules = extraModules == null ? List.of() : List.copyOf(extraModules);
    }

    /** Everything learns from the start. */
    public static FullConfig everything() {
        return new FullConfig(null, null, List.of(), false, null, 0);
    }
}
