package dev.graft.methods.full;

import dev.graft.kernel.testing.MethodUnderTest;
import dev.graft.kernel.testing.SmallModel;
import java.util.Map;

/** A decoder of four blocks, and what is attached to it. */
final class Small {
    static final MethodUnderTest<FullConfig> FULL = new MethodUnderTest<>(new FullProvider());

    private Small() {}

    static SmallModel decoder(boolean tied) {
        return SmallModel.llama()
                .with(Map.of(
                        "num_hidden_layers", 4,
                        "num_attention_heads", 2,
                        "num_key_value_heads", 2,
                        "tie_word_embeddings", tied));
    }
}
