package dev.graft.methods.lora;

import dev.graft.spi.tensor.Initializer;

/** First values of A and B, as PEFT draws them. */
final class LoraInitialization {
    private LoraInitialization() {}

    static Initializer a(LoraConfig config, int rank) {
        return config.initLoraWeights().equals("gaussian")
                ? Initializer.normal(1.0 / rank)
                : Initializer.kaimingUniform();
    }

    static Initializer b(LoraConfig config) {
        return config.initLoraWeights().equals("false") ? Initializer.kaimingUniform() : Initializer.constant(0);
    }

    static Initializer embeddingA(LoraConfig config) {
        return config.initLoraWeights().equals("false") ? Initializer.normal(1) : Initializer.constant(0);
    }

    static Initializer embeddingB() {
        return Initializer.normal(1);
    }
}
