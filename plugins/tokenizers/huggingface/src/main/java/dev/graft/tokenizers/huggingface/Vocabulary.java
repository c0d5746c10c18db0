package dev.graft.tokenizers.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.spi.config.ConfigurationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tokens and their ids, added tokens included.
 *
 * @param ids id by token
 * @param tokens token by id
 */
record Vocabulary(Map<String, Integer> ids, Map<Integer, String> tokens) {
    /**
     * Completes {@code tokenizer.json} the way transformers does when it loads a tokenizer: tokens that only the
     * settings name become added tokens with the next free ids, and no text is truncated or padded.
     *
     * @throws ConfigurationException if the file has no vocabulary
     */
    static Vocabulary complete(TokenizerFiles files) {
        ObjectNode tokenizer = files.tokenizer();
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        Map<String, Integer> ids = base(files, tokenizer.path("model").path("vocab"));
        ArrayNode added =
                tokenizer.path("added_tokens") instanceof ArrayNode array ? array : tokenizer.putArray("added_tokens");
        Map<String, ObjectNode> known = new LinkedHashMap<>();
        for (JsonNode token : added) {
            if (token instanceof ObjectNode object) {
                known.put(object.path("content").asText(), object);
                ids.put(object.path("content").asText(), object.path("id").asInt());
            }
        }
        declared(files.settings()).forEach((content, token) -> {
            if (known.containsKey(content)) {
                token.put("id", ids.get(content));
                known.get(content).setAll(token);
                return;
            }
            int next = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
            token.put("id", ids.computeIfAbsent(content, missing -> next));
            added.add(token);
        });
        Map<Integer, String> tokens = new HashMap<>();
        ids.forEach((token, id) -> tokens.put(id, token));
        return new Vocabulary(Map.copyOf(ids), Map.copyOf(tokens));
    }

    private static Map<String, Integer> base(TokenizerFiles files, JsonNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        if (vocabulary.isObject()) {
            vocabulary
                    .properties()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        } else if (vocabulary.isArray()) {
            vocabulary.forEach(entry -> ids.put(entry.path(0).asText(), ids.size()));
        } else {
            throw new ConfigurationException(files.directory().resolve(TokenizerFiles.TOKENIZER)
                    + " has no vocabulary: model.vocab must be an object or a list");
        }
        return ids;
    }

    /** Tokens that the settings declare, in the form of {@code added_tokens}. */
    private static Map<String, ObjectNode> declared(ObjectNode settings) {
        Map<String, ObjectNode> tokens = new LinkedHashMap<>();
        Map<Integer, ObjectNode> byId = new TreeMap<>();
        settings.path("added_tokens_decoder").properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode token) {
                byId.put(Integer.valueOf(entry.getKey()), token);
            }
        });
        byId.values().forEach(token -> tokens.put(token.path("content").asText(), flags(token)));
        Map<String, String> roles = SpecialTokens.byRole(settings);
        roles.values().forEach(token -> tokens.computeIfAbsent(token, Vocabulary::special));
        SpecialTokens.extra(settings).forEach(token -> tokens.computeIfAbsent(token, Vocabulary::special));
        return tokens;
    }

    private static ObjectNode flags(ObjectNode token) {
        ObjectNode result = special(token.path("content").asText());
        for (String flag : Set.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            result.put(flag, token.path(flag).asBoolean());
        }
        return result;
    }

    private static ObjectNode special(String content) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
