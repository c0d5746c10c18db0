package dev.graft.methods.lora;

import static dev.graft.methods.lora.Variants.LORA;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoraMistakesTest {
    private static final String LAYERS =
            "[down_proj, embed_tokens, gate_proj, k_proj, lm_head, o_proj, q_proj, up_proj, v_proj]";

    @Test
    void targetsThatAreNotThereAreNamedWithThoseThatAre() {
        assertRefused(
                Map.of("target_modules", List.of("query")),
                "target_modules [query] matches no layer of this model; its layers are called " + LAYERS);
        assertRefused(
                Map.of("target_modules", "q_proj"),
                "target_modules 'q_proj' matches no layer of this model; its layers are called " + LAYERS);
        assertRefused(
                Map.of("target_modules", List.of("q_proj"), "layers_to_transform", List.of(3)),
                "target_modules [q_proj] in layers [3] matches no layer of this model; its layers are called "
                        + LAYERS);
        assertRefused(
                Map.of("target_modules", List.of("q_proj"), "exclude_modules", List.of("self_attn.q_proj")),
                "target_modules [q_proj] without exclude_modules matches no layer of this model; its layers are called "
                        + LAYERS);
    }

    @Test
    void regularExpressionsAreChecked() {
        assertRefused(
                Map.of("target_modules", "(q_proj"),
                "target_modules holds '(q_proj', which is not a regular expression: Unclosed group");
        assertRefused(
                Map.of("exclude_modules", "[", "target_modules", "all-linear"),
                "exclude_modules holds '[', which is not a regular expression: Unclosed character class");
        assertRefused(
                Map.of("rank_pattern", Map.of("q_proj(", 4)),
                "rank_pattern holds 'q_proj(', which is not a regular expression: Unclosed group");
    }

    @Test
    void keysThatExcludeEachOtherAreNamed() {
        assertRefused(
                Map.of("target_modules", "all-linear", "layers_to_transform", List.of(1)),
                "layers_to_transform needs a list as target_modules, found 'all-linear'");
        assertRefused(
                Map.of("layers_pattern", "layers"),
                "layers_pattern is set without layers_to_transform, which it is for");
        assertRefused(
                Map.of("use_dora", true, "lora_bias", true),
                "use_dora and lora_bias are both set, but cannot be combined");
        assertRefused(
                Map.of("trainable_token_indices", List.of(1), "target_modules", List.of("embed_tokens")),
                "trainable_token_indices and target_modules both act on 'model.embed_tokens'; a module gets a low-rank"
                        + " update or vectors for single tokens");
        assertRefused(
                Map.of("trainable_token_indices", List.of(1), "modules_to_save", List.of("embed_tokens")),
                "trainable_token_indices and modules_to_save both name 'model.embed_tokens'; a module is trained in"
                        + " full or token by token");
    }

    @Test
    void modulesAndTokensThatAreNotThereAreNamed() {
        assertRefused(
                Map.of("modules_to_save", List.of("classifier")),
                "modules_to_save names 'classifier', which this model does not have; its outermost modules are"
                        + " [embed_tokens, lm_head, model]");
        assertRefused(
                Map.of("trainable_token_indices", List.of(32)),
                "trainable_token_indices holds 32, which is no token id; ids go from 0 to 31");
        assertRefused(
                Map.of("trainable_token_indices", List.of(5, 5)), "trainable_token_indices holds token id 5 twice");
        assertRefused(
                Map.of("trainable_token_indices", Map.of("q_proj", List.of(5))),
                "trainable_token_indices names 'q_proj', which is neither the token table nor the projection to the"
                        + " vocabulary; these are [model.embed_tokens, lm_head]");
        assertRefused(
                Map.of("trainable_token_indices", "all"),
                "trainable_token_indices holds all where a list of token ids is needed, such as [7, 19]");
    }

    @Test
    void principalComponentsNeedARankThatThereIs() {
        assertRefused(
                Map.of("r", 9, "init_lora_weights", "pissa", "target_modules", List.of("k_proj")),
                "init_lora_weights is pissa, but rank 9 is more than the 8 singular values of"
                        + " 'model.layers.0.self_attn.k_proj'");
        assertRefused(
                Map.of("lora_alpha", 0, "init_lora_weights", "pissa", "target_modules", List.of("q_proj")),
                "init_lora_weights is pissa, but lora_alpha is 0 for 'model.layers.0.self_attn.q_proj'; it must be"
                        + " above 0");
    }

    @Test
    void ranksInPatternsMustBePositive() {
        assertRefused(
                Map.of("target_modules", List.of("q_proj"), "rank_pattern", Map.of("q_proj", 0)),
                "section 'methods[0]': rank_pattern gives 'q_proj' rank 0; a rank must be at least 1");
        assertRefused(
                Map.of("target_modules", List.of("q_proj"), "alpha_pattern", Map.of("q_proj", -1)),
                "section 'methods[0]': alpha_pattern gives 'q_proj' alpha -1.0; an alpha must be at least 0");
    }

    @Test
    void unknownKeysAndValuesOutOfRangeAreNamed() {
        assertMentions(Map.of("rank", 8), "unknown key 'methods[0].rank'", "r, lora_alpha, lora_dropout");
        assertMentions(Map.of("r", 0), "methods[0].r", "0", "1");
        assertMentions(Map.of("lora_dropout", 1.5), "methods[0].lora_dropout", "1.5", "0.999");
        assertMentions(Map.of("bias", "some"), "methods[0].bias", "some", "lora_only");
        assertMentions(Map.of("init_lora_weights", "olora"), "methods[0].init_lora_weights", "olora", "pissa");
    }

    private static void assertMentions(Map<String, Object> keys, String... parts) {
        assertThatThrownBy(() -> LORA.bind(keys))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
    }

    private static void assertRefused(Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> LORA.attach(model, keys))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(message);
        }
    }
}
