package dev.graft.tokenizers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tokenizer directory with transformers' outputs. */
class ReferenceTokenizersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Path> tokenizers() {
        return Shared.folders("GRAFT_FIXTURES", "fixtures", "tokenizers").stream();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void textsBecomeTheReferencesIds(Path directory) throws IOException {
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            for (JsonNode expected : read(directory, "expected.json").path("cases")) {
                String text = expected.path("text").asText();
                assertThat(tokenizer.encode(text, true).ids())
                        .as("ids of '%s'", text)
                        .isEqualTo(integers(expected.path("ids")));
                assertThat(tokenizer.encode(text, false).ids())
                        .as("ids of '%s' without special tokens", text)
                        .isEqualTo(integers(expected.path("ids_without_special_tokens")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void idsBecomeTheReferencesTexts(Path directory) throws IOException {
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            for (JsonNode expected : read(directory, "expected.json").path("cases")) {
                int[] ids = integers(expected.path("ids_without_special_tokens"));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(expected.path("decoded").asText());
                assertThat(tokenizer.decode(ids, true))
                        .isEqualTo(expected.path("decoded_skip_special").asText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void conversationsAreRenderedAsTheReferenceRendersThem(Path directory) throws IOException {
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            for (JsonNode expected : read(directory, "expected.json").path("chats")) {
                List<Map<String, Object>> messages = messages(expected);
                boolean prompt = expected.path("add_generation_prompt").asBoolean();
                if (expected.has("error")) {
                    assertThatThrownBy(() -> tokenizer.render(messages, prompt, Map.of()))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageEndingWith(expected.path("error").asText());
                } else {
                    assertThat(tokenizer.render(messages, prompt, Map.of()).text())
                            .isEqualTo(expected.path("rendered").asText());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void tokensOfTheAssistantAreThoseOfTheReference(Path directory) throws IOException {
        if (!Files.exists(directory.resolve("assistant_masks.json"))) {
            return;
        }
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            for (JsonNode expected : read(directory, "assistant_masks.json")) {
                Tokenizer.Rendered rendered = tokenizer.render(messages(expected), false, Map.of());
                Tokenizer.Encoding encoding = tokenizer.encode(rendered.text(), false);
                int[] mask = new int[encoding.ids().length];
                for (int[] span : rendered.assistant()) {
                    for (int i = 0; i < mask.length; i++) {
                        mask[i] |= encoding.ends()[i] > span[0] && encoding.starts()[i] < span[1] ? 1 : 0;
                    }
                }
                assertThat(encoding.ids()).isEqualTo(integers(expected.path("ids")));
                assertThat(mask).isEqualTo(integers(expected.path("assistant_masks")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void everyIdHasATokenAndEveryTokenItsId(Path directory) {
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            assertThat(tokenizer.size()).isPositive();
            for (int id = 0; id < tokenizer.size(); id++) {
                assertThat(tokenizer.id(tokenizer.token(id))).contains(id);
            }
        }
    }

    private static JsonNode read(Path directory, String file) throws IOException {
        return JSON.readTree(directory.resolve(file).toFile());
    }

    private static List<Map<String, Object>> messages(JsonNode node) {
        return JSON.convertValue(node.path("messages"), new TypeReference<>() {});
    }

    private static int[] integers(JsonNode array) {
        return JSON.convertValue(array, int[].class);
    }
}
