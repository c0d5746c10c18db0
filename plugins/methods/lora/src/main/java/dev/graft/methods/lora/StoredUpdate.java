package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.Combination;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The update of one layer out of a stored adapter.
 *
 * @param factors A and B
 * @param scaling the factor on their product
 * @param weight the adapter's factor in the combination
 * @param embedding whether the layer is a table
 */
record StoredUpdate(Factors factors, double scaling, double weight, boolean embedding) {
    /** Ends of the names of A and B. */
    enum Kind {
        LINEAR(".lora_A.weight", ".lora_B.weight"),
        EMBEDDING(".lora_embedding_A", ".lora_embedding_B");

        private final String a;
        private final String b;

        Kind(String a, String b) {
            this.a = a;
            this.b = b;
        }

        /** Name of A on disk. */
        String a(String module) {
            return PeftNames.onDisk(module) + a;
        }

        /** Name of B on disk. */
        String b(String module) {
            return PeftNames.onDisk(module) + b;
        }
    }

    /**
     * The updates of an adapter by module.
     *
     * @throws ConfigurationException if it holds something else than low-rank updates of weights
     */
    static Map<String, StoredUpdate> of(Combination.Part<LoraConfig> part) {
        Map<String, Tensor> rest = new LinkedHashMap<>(part.state());
        Map<String, StoredUpdate> updates = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            for (String name : part.state().keySet()) {
                if (name.endsWith(kind.a)) {
                    String module = PeftNames.inModel(name.substring(0, name.length() - kind.a.length()));
                    Factors factors = new Factors(rest.remove(name), rest.remove(kind.b(module)));
                    checkUnchangedBase(part.configuration(), module, factors);
                    double scaling = part.configuration().scaling(module);
                    updates.put(module, new StoredUpdate(factors, scaling, part.weight(), kind == Kind.EMBEDDING));
                }
            }
        }
        rest.keySet().removeIf(name -> name.endsWith(".base_layer.weight"));
        if (!rest.isEmpty()) {
            throw new ConfigurationException("an adapter that holds '"
                    + rest.keySet().iterator().next()
                    + "' cannot be combined with others; only plain low-rank updates of weights can");
        }
        return updates;
    }

    private static void checkUnchangedBase(LoraConfig config, String module, Factors factors) {
        if (config.principal() && factors.a().size(0) == config.rank(module)) {
            throw new ConfigurationException("an adapter that stands on a base without its principal components cannot"
                    + " be combined with others; load and save it once to have it stand on the unchanged base");
        }
    }
}
