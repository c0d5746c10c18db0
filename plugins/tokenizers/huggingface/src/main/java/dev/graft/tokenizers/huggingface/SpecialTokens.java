package dev.graft.tokenizers.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens that a tokenizer's settings give a role. */
final class SpecialTokens {
    private SpecialTokens() {}

    /** Token by role, for instance {@code eos_token}. */
    static Map<String, String> byRole(ObjectNode settings) {
        Map<String, String> tokens = new LinkedHashMap<>();
        settings.properties().forEach(entry -> {
            if (entry.getKey().endsWith("_token")) {
                String token = content(entry.getValue());
                if (token != null) {
                    tokens.put(entry.getKey(), token);
                }
            }
        });
        JsonNode named = settings.path("extra_special_tokens");
        if (named.isObject()) {
            named.properties().forEach(entry -> {
                String token = content(entry.getValue());
                if (token != null) {
                    tokens.put(entry.getKey(), token);
                }
            });
        }
        return tokens;
    }

    /** Special tokens without a role. */
    static List<String> extra(ObjectNode settings) {
        List<String> tokens = new ArrayList<>();
        for (String key : List.of("additional_special_tokens", "extra_special_tokens")) {
            JsonNode list = settings.path(key);
            if (list.isArray()) {
                list.forEach(entry -> {
                    String token = content(entry);
                    if (token != null && !tokens.contains(token)) {
                        tokens.add(token);
                    }
                });
            }
        }
        return tokens;
    }

    private static String content(JsonNode token) {
        return token.isObject() ? token.path("content").textValue() : token.textValue();
    }
}
