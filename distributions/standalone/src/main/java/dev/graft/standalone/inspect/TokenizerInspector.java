package dev.graft.standalone.inspect;

import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a tokenizer and tells what it is, and how it splits a text. */
public final class TokenizerInspector {
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token");

    private final Plugins plugins;

    /** An inspector for the tokenizers of a registry. */
    public TokenizerInspector(Plugins plugins) {
        this.plugins = plugins;
    }

    /** The plugin that reads a directory's tokenizer, if there is a tokenizer. */
    public Optional<TokenizerProvider> provider(Path directory) {
        return plugins.tokenizers().stream()
                .filter(provider -> provider.supports(directory))
                .findFirst();
    }

    /** Facts about the tokenizer. */
    public Map<String, Object> inspect(TokenizerProvider provider, Path directory) {
        try (Tokenizer tokenizer = provider.load(directory)) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("plugin", provider.id() + "@" + provider.version());
            facts.put("tokens", tokenizer.size());
            for (String role : ROLES) {
                tokenizer.special(role).ifPresent(id -> facts.put(role, id + " " + tokenizer.token(id)));
            }
            facts.put("chat_template", tokenizer.hasChatTemplate());
            return facts;
        }
    }

    /** How it splits a text: ids with the token of each. */
    public List<Map<String, Object>> split(TokenizerProvider provider, Path directory, String text) {
        try (Tokenizer tokenizer = provider.load(directory)) {
            List<Map<String, Object>> tokens = new ArrayList<>();
            for (int id : tokenizer.encode(text, true).ids()) {
                Map<String, Object> token = new LinkedHashMap<>();
                token.put("id", id);
                token.put("token", tokenizer.token(id));
                tokens.add(token);
            }
            return tokens;
        }
    }
}
