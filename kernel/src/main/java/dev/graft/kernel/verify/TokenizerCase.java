package dev.graft.kernel.verify;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tokenizer against expected ids, decodings and rendered conversations. */
final class TokenizerCase {
    private final Plugins registry;

    TokenizerCase(Plugins registry) {
        this.registry = registry;
    }

    CaseReport verify(String name, Path directory) {
        Optional<TokenizerProvider> provider = registry.find(
                        PluginKind.TOKENIZER, plugin -> ((TokenizerProvider) plugin.provider()).supports(directory))
                .map(plugin -> (TokenizerProvider) plugin.provider());
        if (provider.isEmpty()) {
            return CaseReport.unsupported(name, "no installed tokenizer plugin reads the files of this directory");
        }
        Comparison comparison = new Comparison();
        Map<String, Object> expected = JsonFile.read(directory.resolve("expected.json"));
        try (Tokenizer tokenizer = provider.get().load(directory)) {
            for (Map<String, Object> text : entries(expected, "cases")) {
                text(tokenizer, text, comparison);
            }
            for (Map<String, Object> chat : entries(expected, "chats")) {
                chat(tokenizer, chat, comparison);
            }
        }
        return comparison.report(name);
    }

    private static void text(Tokenizer tokenizer, Map<String, Object> expected, Comparison comparison) {
        String text = String.valueOf(expected.get("text"));
        int[] ids = ids(expected, "ids");
        int[] plain = ids(expected, "ids_without_special_tokens");
        comparison.require(Arrays.equals(ids, tokenizer.encode(text, true).ids()), "ids of '" + text + "' differ");
        comparison.require(
                Arrays.equals(plain, tokenizer.encode(text, false).ids()),
                "ids without special tokens of '" + text + "' differ");
        decoded(tokenizer, plain, false, expected.get("decoded"), comparison);
        decoded(tokenizer, ids, true, expected.get("decoded_skip_special"), comparison);
    }

    private static void decoded(Tokenizer tokenizer, int[] ids, boolean skip, Object expected, Comparison comparison) {
        String found = tokenizer.decode(ids, skip);
        comparison.require(found.equals(expected), "decoded text is '" + found + "' instead of '" + expected + "'");
    }

    private static void chat(Tokenizer tokenizer, Map<String, Object> expected, Comparison comparison) {
        boolean prompt = Boolean.TRUE.equals(expected.get("add_generation_prompt"));
        List<Map<String, Object>> messages = entries(expected, "messages");
        try {
            String found = tokenizer.render(messages, prompt, Map.of()).text();
            comparison.require(
                    found.equals(expected.get("rendered")),
                    expected.containsKey("error")
                            ? "a conversation was rendered that the template refuses"
                            : "a conversation is rendered as '" + found + "'");
        } catch (ConfigurationException e) {
            Object error = expected.get("error");
            comparison.require(
                    error != null && e.getMessage().contains(String.valueOf(error)),
                    "a conversation is refused: " + e.getMessage());
        }
    }

    private static int[] ids(Map<String, Object> expected, String key) {
        if (!(expected.get(key) instanceof List<?> list) || !list.stream().allMatch(Number.class::isInstance)) {
            throw new ConfigurationException(
                    "expected.json: '" + key + "' of a text is " + expected.get(key) + "; it must be a list of ids");
        }
        return list.stream().mapToInt(value -> ((Number) value).intValue()).toArray();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> entries(Map<String, Object> map, String key) {
        Object found = map.getOrDefault(key, List.of());
        if (!(found instanceof List<?> list) || !list.stream().allMatch(Map.class::isInstance)) {
            throw new ConfigurationException("expected.json: '" + key + "' must be a list of objects");
        }
        return (List<Map<String, Object>>) list;
    }
}
