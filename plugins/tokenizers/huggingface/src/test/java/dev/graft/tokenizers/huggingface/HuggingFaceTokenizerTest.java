package dev.graft.tokenizers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizerTest {
    private static final String WORDS = """
            {"version": "1.0", "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
             "padding": null,
             "added_tokens": [{"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
                               "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "the": 1, "rain": 2, "stopped": 3, "🙂": 4, "end": 5},
                       "unk_token": "<unk>"}}
            """;

    @TempDir
    private Path directory;

    @Test
    void theProviderIsFoundAsAService() {
        assertThat(ServiceLoader.load(TokenizerProvider.class))
                .anySatisfy(provider -> assertThat(provider.id()).isEqualTo("huggingface"));
    }

    @Test
    void textIsNeverTruncatedWhateverTheFileSays() throws IOException {
        try (Tokenizer tokenizer = tokenizer("{}")) {
            assertThat(tokenizer.encode("the rain stopped the rain", false).ids())
                    .containsExactly(1, 2, 3, 1, 2);
        }
    }

    @Test
    void offsetsCountUtf16Units() throws IOException {
        try (Tokenizer tokenizer = tokenizer("{}")) {
            Tokenizer.Encoding encoding = tokenizer.encode("🙂 the rain", false);

            assertThat(encoding.starts()).containsExactly(0, 3, 7);
            assertThat(encoding.ends()).containsExactly(2, 6, 11);
        }
    }

    @Test
    void tokensThatOnlyTheSettingsNameGetTheNextIds() throws IOException {
        String settings = """
                {"bos_token": "<s>", "eos_token": {"__type": "AddedToken", "content": "end"}, "pad_token": null,
                 "additional_special_tokens": ["<tool>"]}
                """;
        try (Tokenizer tokenizer = tokenizer(settings)) {
            assertThat(tokenizer.special("bos_token")).contains(6);
            assertThat(tokenizer.special("eos_token")).contains(5);
            assertThat(tokenizer.special("pad_token")).isEmpty();
            assertThat(tokenizer.id("<tool>")).contains(7);
            assertThat(tokenizer.size()).isEqualTo(8);
            assertThat(tokenizer.encode("<s>the rain<tool>", false).ids()).containsExactly(6, 1, 2, 7);
            assertThat(tokenizer.decode(new int[] {6, 1, 2, 5}, true)).isEqualTo("the rain");
        }
    }

    @Test
    void specialTokensOfTheOlderFileCountToo() throws IOException {
        Files.writeString(directory.resolve("special_tokens_map.json"), "{\"pad_token\": {\"content\": \"<pad>\"}}");
        try (Tokenizer tokenizer = tokenizer("{}")) {
            assertThat(tokenizer.special("pad_token")).contains(6);
        }
    }

    @Test
    void gapsBeforePunctuationAreClosedOnlyWhereTheSettingsSaySo() throws IOException {
        String words = WORDS.replace("\"end\"", "\".\"");
        Files.writeString(directory.resolve("tokenizer.json"), words);
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"clean_up_tokenization_spaces\": true}");
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            assertThat(tokenizer.decode(new int[] {1, 2, 5}, true)).isEqualTo("the rain.");
        }
        try (Tokenizer tokenizer = tokenizer("{}", words)) {
            assertThat(tokenizer.decode(new int[] {1, 2, 5}, true)).isEqualTo("the rain .");
        }
    }

    @Test
    void severalThreadsMayUseOneTokenizer() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = tokenizer("{}")) {
            List<Callable<int[]>> tasks = IntStream.range(0, 400)
                    .<Callable<int[]>>mapToObj(i -> () -> tokenizer
                            .encode("the rain ".repeat(i % 7 + 1) + "stopped", false)
                            .ids())
                    .toList();
            List<Future<int[]>> results = pool.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).hasSize(2 * (i % 7 + 1) + 1).endsWith(3);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aClosedTokenizerSaysSo() throws IOException {
        Tokenizer tokenizer = tokenizer("{}");
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.encode("the", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tokenizer is closed");
    }

    @Test
    void templatesSeeTokensByRoleAndTodaysDate() throws IOException {
        write(
                "{\"bos_token\": \"<s>\", \"chat_template\": \"{{ bos_token }}{{ strftime_now('%d %b %Y %-H') }}\"}",
                WORDS);
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(directory, clock)) {
            assertThat(tokenizer.render(hello(), false, Map.of()).text()).isEqualTo("<s>04 Mar 2026 5");
        }
    }

    @Test
    void toolsChooseTheTemplateMadeForThem() throws IOException {
        String settings = """
                {"chat_template": [{"name": "default", "template": "plain"},
                                   {"name": "tool_use", "template": "{{ tools | length }} tools"}]}
                """;
        try (Tokenizer tokenizer = tokenizer(settings)) {
            assertThat(tokenizer.render(hello(), false, Map.of()).text()).isEqualTo("plain");
            assertThat(tokenizer
                            .render(hello(), false, Map.of("tools", List.of("a", "b")))
                            .text())
                    .isEqualTo("2 tools");
        }
    }

    @Test
    void aTemplateInItsOwnFileWinsOverTheSettings() throws IOException {
        Files.writeString(directory.resolve("chat_template.jinja"), "from the file\n");
        try (Tokenizer tokenizer = tokenizer("{\"chat_template\": \"from the settings\"}")) {
            assertThat(tokenizer.render(hello(), false, Map.of()).text()).isEqualTo("from the file");
        }
    }

    @Test
    void aMissingTemplateIsNamed() throws IOException {
        try (Tokenizer tokenizer = tokenizer("{}")) {
            assertThat(tokenizer.hasChatTemplate()).isFalse();
            assertThatThrownBy(() -> tokenizer.render(hello(), false, Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("has no chat template");
        }
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        write("{\"chat_template\": \"{% if %}\"}", WORDS);
        assertRefused("the chat template 'default'");
        write("{not json", WORDS);
        assertRefused("tokenizer_config.json is not JSON");
        write("{}", "[]");
        assertRefused("tokenizer.json holds no JSON object");
        write("{}", "{\"model\": {\"type\": \"WordLevel\"}}");
        assertRefused("has no vocabulary");
        write("{}", "{\"model\": {\"type\": \"Oracle\", \"vocab\": {}}}");
        assertRefused("tokenizer.json is not a tokenizer");
        Files.delete(directory.resolve("tokenizer.json"));
        assertRefused("tokenizer.json cannot be read");
        assertThat(new HuggingFaceTokenizerProvider().supports(directory)).isFalse();
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> new HuggingFaceTokenizerProvider().load(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(reason);
    }

    private Tokenizer tokenizer(String settings) throws IOException {
        return tokenizer(settings, WORDS);
    }

    private Tokenizer tokenizer(String settings, String words) throws IOException {
        write(settings, words);
        return new HuggingFaceTokenizerProvider().load(directory);
    }

    private void write(String settings, String words) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), words);
        Files.writeString(directory.resolve("tokenizer_config.json"), settings);
    }

    private static List<Map<String, Object>> hello() {
        return List.of(Map.of("role", "user", "content", "hello"));
    }
}
