package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tensor.Initializer;
import java.util.Set;

/** First values of A and B, as PEFT draws them. */
final class LoraInitialization {
    /** Beginnings that leave no trace once A and B are stored. */
    private static final Set<String> DRAWN = Set.of("true", "false", "gaussian", "eva", "orthogonal");

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

    /** What PEFT calls the beginning of an adapter that is written. */
    static Object write(Object initial) {
        String text = String.valueOf(initial);
        return switch (text) {
            case "gaussian" -> text;
            case "pissa_residual" -> "pissa";
            default -> !text.equals("false");
        };
    }

    /**
     * The beginning that a stored adapter was given, as far as it still counts. One that began with principal
     * components stands on a base without them.
     *
     * @throws ConfigurationException if it stands on a base that was changed in another way
     */
    static String read(Object written) {
        String text = String.valueOf(written);
        if (text.equals("pissa") || text.startsWith("pissa_niter_")) {
            return "pissa_residual";
        }
        if (!DRAWN.contains(text)) {
            throw new ConfigurationException("adapter_config.json sets 'init_lora_weights' to " + text
                    + ", which changes the base in a way that this method does not do; convert the adapter to one for"
                    + " the unchanged base first");
        }
        return text.equals("gaussian") || text.equals("false") ? text : "true";
    }
}
