package dev.graft.spi.method;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an attachment does, by site or parameter name. Immutable.
 *
 * @param linear by linear site
 * @param parameter by parameter of the base
 * @param embedding by embedding site
 * @param attention by attention site
 * @param sublayer by sublayer site
 */
public record Patches(
        Map<String, LinearPatch> linear,
        Map<String, ParameterPatch> parameter,
        Map<String, EmbeddingPatch> embedding,
        Map<String, AttentionPatch> attention,
        Map<String, SublayerPatch> sublayer) {
    /** Copies the maps. */
    public Patches {
        linear = Map.copyOf(linear);
        parameter = Map.copyOf(parameter);
        embedding = Map.copyOf(embedding);
        attention = Map.copyOf(attention);
        sublayer = Map.copyOf(sublayer);
    }

    /** Starts an empty collection. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects patches. */
    public static final class Builder {
        private final Map<String, LinearPatch> linear = new LinkedHashMap<>();
        private final Map<String, ParameterPatch> parameter = new LinkedHashMap<>();
        private final Map<String, EmbeddingPatch> embedding = new LinkedHashMap<>();
        private final Map<String, AttentionPatch> attention = new LinkedHashMap<>();
        private final Map<String, SublayerPatch> sublayer = new LinkedHashMap<>();

        private Builder() {}

        /** Acts at a linear site. */
        public Builder linear(String site, LinearPatch patch) {
            once(linear, site, patch);
            return this;
        }

        /** Stands in for a parameter of the base. */
        public Builder parameter(String name, ParameterPatch patch) {
            once(parameter, name, patch);
            return this;
        }

        /** Acts at an embedding site. */
        public Builder embedding(String site, EmbeddingPatch patch) {
            once(embedding, site, patch);
            return this;
        }

        /** Acts at an attention site. */
        public Builder attention(String site, AttentionPatch patch) {
            once(attention, site, patch);
            return this;
        }

        /** Acts at a sublayer site. */
        public Builder sublayer(String site, SublayerPatch patch) {
            once(sublayer, site, patch);
            return this;
        }

        /** The collection. */
        public Patches build() {
            return new Patches(linear, parameter, embedding, attention, sublayer);
        }

        private static <P> void once(Map<String, P> patches, String name, P patch) {
            if (patches.putIfAbsent(name, patch) != null) {
                throw new IllegalArgumentException("an attachment has two patches for " + name);
            }
        }
    }
}
