package dev.graft.tokenizers.huggingface;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tokenizer as transformers loads it from a directory with {@code tokenizer.json}. */
final class HuggingFaceTokenizer implements Tokenizer {
    private final NativeTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final Map<String, String> roles;
    private final ChatTemplates templates;
    private final boolean cleanUp;

    private HuggingFaceTokenizer(
            NativeTokenizer tokenizer,
            Vocabulary vocabulary,
            Map<String, String> roles,
            ChatTemplates templates,
            boolean cleanUp) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.roles = roles;
        this.templates = templates;
        this.cleanUp = cleanUp;
    }

    /**
     * Reads a tokenizer.
     *
     * @param clock what templates that ask for today's date read
     * @throws ConfigurationException if a file is missing or damaged, naming it
     */
    static HuggingFaceTokenizer load(Path directory, Clock clock) {
        TokenizerFiles files = TokenizerFiles.read(directory);
        Vocabulary vocabulary = Vocabulary.complete(files);
        Map<String, String> roles = SpecialTokens.byRole(files.settings());
        ChatTemplates templates = new ChatTemplates(directory, files.templates(), roles, clock);
        boolean pieces = !files.tokenizer().path("model").path("type").asText().equals("BPE")
                || files.settings()
                        .path("clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output")
                        .asBoolean();
        boolean cleanUp =
                pieces && files.settings().path("clean_up_tokenization_spaces").asBoolean();
        try {
            NativeTokenizer tokenizer = NativeTokenizer.of(files.tokenizer().toString());
            return new HuggingFaceTokenizer(tokenizer, vocabulary, roles, templates, cleanUp);
        } catch (ConfigurationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    directory.resolve(TokenizerFiles.TOKENIZER) + " is not a tokenizer: " + e.getMessage(), e);
        }
    }

    @Override
    public Encoding encode(String text, boolean special) {
        return tokenizer.encode(text, special);
    }

    @Override
    public Encoding encode(String first, String second) {
        return tokenizer.encode(first, second);
    }

    @Override
    public int[] pairTypes(String first, String second) {
        return tokenizer.types(first, second);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        String text = tokenizer.decode(ids, skipSpecial);
        return cleanUp ? cleanUp(text) : text;
    }

    /** Closes the gaps in front of English punctuation that word-piece decoding leaves. */
    private static String cleanUp(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    @Override
    public int size() {
        return vocabulary.ids().size();
    }

    @Override
    public String token(int id) {
        String token = vocabulary.tokens().get(id);
        if (token == null) {
            throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + size() + " tokens");
        }
        return token;
    }

    @Override
    public Optional<Integer> id(String token) {
        return Optional.ofNullable(vocabulary.ids().get(token));
    }

    @Override
    public Optional<Integer> special(String role) {
        return Optional.ofNullable(roles.get(role)).flatMap(this::id);
    }

    @Override
    public boolean hasChatTemplate() {
        return !templates.isEmpty();
    }

    @Override
    public Rendered render(
            List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        return templates.render(messages, generationPrompt, variables);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
