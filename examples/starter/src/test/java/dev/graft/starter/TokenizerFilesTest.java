package dev.graft.starter;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TokenizerFilesTest {

    private static final Path MODEL = Path.of("model");

    private final HuggingFaceTokenizer tokenizer;

    TokenizerFilesTest() throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(MODEL, Map.of("addSpecialTokens", "false"));
    }

    @Property(tries = 50)
    void everyTextSurvivesTheRoundTrip(
            @ForAll @StringLength(max = 100) @CharRange(from = '\t', to = '\uD7FF') String text) {
        assertThat(tokenizer.decode(tokenizer.encode(text).getIds())).isEqualTo(text);
    }

    @Test
    void specialTokensHaveTheFirstIds() {
        Encoding encoding = tokenizer.encode("<|endoftext|><|pad|><|im_start|><|im_end|>");

        assertThat(encoding.getIds()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void plainEnglishTakesAboutOneTokenAWord() {
        String text = "The dog ran through the garden and sat down under the old tree.";

        assertThat(tokenizer.encode(text).getIds()).hasSizeLessThanOrEqualTo(16);
    }

    @Test
    void theVocabularyHasTheSizeOfTheModel() throws IOException {
        JsonNode tokens = json("tokenizer.json").get("model").get("vocab");
        JsonNode config = json("config.json");

        assertThat(tokens.size()).isEqualTo(config.get("vocab_size").asInt()).isEqualTo(Starter.VOCABULARY_SIZE);
        assertThat(config.get("max_position_embeddings").asInt()).isEqualTo(Starter.LONGEST_SEQUENCE);
    }

    @Test
    void theChatTemplateMarksWhatTheAssistantSays() throws IOException {
        JsonNode config = json("tokenizer_config.json");

        assertThat(config.get("chat_template").asText())
                .contains("{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}");
        assertThat(List.of(
                        config.get("bos_token").asText(),
                        config.get("pad_token").asText()))
                .containsExactly("<|endoftext|>", "<|pad|>");
    }

    private static JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(MODEL.resolve(file).toFile());
    }
}
