package dev.graft.methods.lora;

import dev.graft.kernel.testing.MethodUnderTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configurations that between them use everything there is. */
final class Variants {
    /** What they are configurations of. */
    static final MethodUnderTest<LoraConfig> LORA = new MethodUnderTest<>(new LoraProvider());

    private Variants() {}

    /** For the untied decoder, by a name for messages. */
    static Map<String, Map<String, Object>> llama() {
        Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
        variants.put("plain", Map.of("r", 3));
        variants.put("all-linear, rank-stabilised", Map.of("target_modules", "all-linear", "use_rslora", true));
        variants.put("decomposed", Map.of("r", 2, "target_modules", "all-linear", "use_dora", true));
        variants.put("embeddings", Map.of("r", 2, "target_modules", List.of("embed_tokens", "lm_head", "q_proj")));
        variants.put(
                "decomposed embeddings",
                Map.of("r", 2, "target_modules", List.of("embed_tokens", "v_proj"), "use_dora", true));
        variants.put("saved modules", Map.of("r", 2, "modules_to_save", List.of("lm_head", "norm", "layers.0.mlp")));
        variants.put("tokens", Map.of("r", 2, "trainable_token_indices", List.of(3, 7, 30)));
        variants.put("principal components", Map.of("r", 3, "init_lora_weights", "pissa"));
        variants.put("residual", Map.of("r", 3, "init_lora_weights", "pissa_residual", "use_rslora", true));
        return variants;
    }

    /** For the decoder with biases and a tied head. */
    static Map<String, Map<String, Object>> gpt2() {
        Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
        variants.put("plain", Map.of("r", 3));
        variants.put("all biases", Map.of("r", 2, "bias", "all"));
        variants.put(
                "decomposed, biases of adapted layers",
                Map.of("r", 2, "target_modules", "all-linear", "bias", "lora_only", "use_dora", true));
        variants.put("bias of B", Map.of("r", 2, "target_modules", "all-linear", "lora_bias", true));
        variants.put("embeddings", Map.of("r", 2, "target_modules", List.of("wte", "wpe", "c_fc")));
        variants.put("head", Map.of("r", 2, "target_modules", List.of("lm_head")));
        variants.put("saved table", Map.of("r", 2, "modules_to_save", List.of("wte")));
        variants.put("tokens", Map.of("r", 2, "trainable_token_indices", List.of(3, 7, 30)));
        variants.put("principal components", Map.of("r", 3, "init_lora_weights", "pissa"));
        return variants;
    }

    /** For the classifier. */
    static Map<String, Map<String, Object>> bert() {
        Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
        variants.put("plain", Map.of("r", 3));
        variants.put("decomposed", Map.of("r", 2, "target_modules", "all-linear", "use_dora", true));
        variants.put("all biases", Map.of("r", 2, "bias", "all", "lora_bias", true));
        return variants;
    }
}
