package dev.graft.methods.ia3;

import dev.graft.spi.config.Choice;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.LinearSite.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is scaled when a configuration names nothing: what PEFT scales in models of that type; in others, as in the
 * paper, keys, values, and what the feed-forward layer narrows.
 *
 * @param targets the layers
 * @param feedForward those whose input is scaled
 */
record DefaultModules(List<String> targets, List<String> feedForward) {
    private static final DefaultModules FUSED_BLOCK = of("mlp.dense_4h_to_h", "query_key_value");
    private static final DefaultModules FUSED = of("dense_4h_to_h", "query_key_value");
    private static final DefaultModules QUERY_DOWN = of("down_proj", "q_proj", "v_proj");
    private static final DefaultModules KEY_DOWN = of("down_proj", "k_proj", "v_proj");
    private static final DefaultModules ENCODER = of("output.dense", "key", "value");
    private static final DefaultModules CONVOLUTION = of("mlp.c_proj", "c_attn");

    private static final Map<String, DefaultModules> BY_TYPE = Map.ofEntries(
            Map.entry("bart", of("fc2", "q_proj", "v_proj")),
            Map.entry("bert", ENCODER),
            Map.entry("bloom", FUSED_BLOCK),
            Map.entry("deberta", of("output.dense", "in_proj")),
            Map.entry("deberta-v2", of("output.dense", "key_proj", "value_proj")),
            Map.entry("falcon", FUSED),
            Map.entry("gemma", QUERY_DOWN),
            Map.entry("gemma2", QUERY_DOWN),
            Map.entry("gemma3_text", QUERY_DOWN),
            Map.entry("gpt2", CONVOLUTION),
            Map.entry("gpt_bigcode", CONVOLUTION),
            Map.entry("gpt_neo", of("c_proj", "q_proj", "v_proj")),
            Map.entry("gpt_neox", FUSED),
            Map.entry("gptj", of("fc_out", "q_proj", "v_proj")),
            Map.entry("llama", KEY_DOWN),
            Map.entry("llama4", QUERY_DOWN),
            Map.entry("mistral", KEY_DOWN),
            Map.entry("mixtral", of("w2", "k_proj", "v_proj")),
            Map.entry("mt5", new DefaultModules(List.of("k", "v", "wi_1"), List.of())),
            Map.entry("opt", of("fc2", "q_proj", "k_proj")),
            Map.entry("phi", of("fc2", "q_proj", "v_proj")),
            Map.entry("qwen2", QUERY_DOWN),
            Map.entry("qwen3", QUERY_DOWN),
            Map.entry("roberta", ENCODER),
            Map.entry("t5", of("wo", "k", "v")));

    private static DefaultModules of(String feedForward, String... attention) {
        List<String> targets = new ArrayList<>(List.of(attention));
        targets.add(feedForward);
        return new DefaultModules(List.copyOf(targets), List.of(feedForward));
    }

    /** The layers of a model. */
    static DefaultModules of(ModelView model) {
        DefaultModules known = BY_TYPE.get(model.description().modelType());
        return known != null
                ? known
                : new DefaultModules(
                        names(model, role -> isKeyOrValue(role) || role == Role.FFN_DOWN),
                        names(model, role -> role == Role.FFN_DOWN));
    }

    /** Full names, since the last parts of names need not tell roles apart. */
    private static List<String> names(ModelView model, Predicate<Role> wanted) {
        return model.linears()
                .filter(site -> wanted.test(site.role()))
                .map(LinearSite::name)
                .toList();
    }

    private static boolean isKeyOrValue(Role role) {
        return switch (role) {
            case KEY, VALUE, QUERY_KEY_VALUE -> true;
            default -> false;
        };
    }

    Choice targetChoice() {
        return Choice.of(targets);
    }

    Choice feedForwardChoice() {
        return Choice.of(feedForward);
    }
}
