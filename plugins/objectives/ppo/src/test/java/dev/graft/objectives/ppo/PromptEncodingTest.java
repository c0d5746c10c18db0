package dev.graft.objectives.ppo;

import static dev.graft.kernel.testing.PreferenceRecords.chat;
import static dev.graft.kernel.testing.PreferenceRecords.messages;
import static dev.graft.kernel.testing.PreferenceRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptEncodingTest {
    private static Ppo ppo(Map<String, Object> keys) {
        return new Ppo(ConfigurationBinder.bind(PpoConfig.class, keys, "objective"));
    }

    private static EncodeContext context(Tokenizer tokenizer, int maxLength) {
        ModelDescription model =
                new ModelDescription("llama", "LlamaForCausalLM", Task.CAUSAL_LM, 2, 8, 2, 2, 4, 300, 256, 0, -1);
        return new EncodeContext(tokenizer, model, maxLength, List.of());
    }

    private static String read(Tokenizer tokenizer, DataRecord record) {
        return read(tokenizer, record, Map.of());
    }

    private static String read(Tokenizer tokenizer, DataRecord record, Map<String, Object> keys) {
        int[] ids = ppo(keys)
                .encode(record, context(tokenizer, 100))
                .orElseThrow()
                .sequences()
                .get(0)
                .ids();
        return tokenizer.decode(ids, false);
    }

    @Test
    void aTextEndsWhereTheAnswerBegins() {
        assertThat(read(CharacterTokenizer.plain(), record("prompt", "why?"))).isEqualTo("^why?\n");
        assertThat(read(
                        CharacterTokenizer.plain(),
                        record("prompt", "why?", "system", "be kind"),
                        Map.of("template", "{system} Q: {prompt} A:{completion}")))
                .isEqualTo("^be kind Q: why? A:");
    }

    @Test
    void aTextBecomesAConversationWhereThereIsATemplate() {
        assertThat(read(chat(), record("prompt", "why?"))).isEqualTo("user:why?;assistant:");
    }

    @Test
    void messagesAreReadUpToTheAnswerTheyEndWith() {
        assertThat(read(chat(), record("messages", messages("user", "a", "assistant", "b", "user", "c"))))
                .isEqualTo("user:a;assistant:b;user:c;assistant:");
        assertThat(read(chat(), record("messages", messages("user", "a", "assistant", "b"))))
                .isEqualTo("user:a;assistant:");
        assertThat(read(chat(), record("prompt", messages("user", "a")))).isEqualTo("user:a;assistant:");
    }

    @Test
    void pairsGiveThePromptTheyShare() {
        assertThat(read(CharacterTokenizer.plain(), record("prompt", "why?", "chosen", "so", "rejected", "no")))
                .isEqualTo("^why?\n");
        assertThat(read(CharacterTokenizer.plain(), record("chosen", "why? so", "rejected", "why? no")))
                .isEqualTo("^why?");
    }

    @Test
    void ofALongPromptTheEndIsKeptSoThatAnAnswerFits() {
        Ppo objective = ppo(Map.of("response_length", 250));

        int[] ids = objective
                .encode(record("prompt", "abcdefgh"), context(CharacterTokenizer.plain(), 100))
                .orElseThrow()
                .sequences()
                .get(0)
                .ids();

        assertThat(CharacterTokenizer.plain().decode(ids, false)).isEqualTo("defgh\n");
    }

    @Test
    void answersLongerThanTheModelAllowsAreRefused() {
        assertThatThrownBy(() -> ppo(Map.of("response_length", 256))
                        .encode(record("prompt", "a"), context(CharacterTokenizer.plain(), 100)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("response_length of ppo is 256")
                .hasMessageContaining("256 positions");
    }

    @Test
    void nothingToAnswerIsSkippedAndAMissingPromptIsAnError() {
        Optional<Example> nothing =
                ppo(Map.of()).encode(record("messages", messages("assistant", "b")), context(chat(), 100));

        assertThat(nothing).isEmpty();
        assertThatThrownBy(() -> ppo(Map.of()).encode(record("text", "a"), context(chat(), 100)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "data.jsonl:3: column 'messages' is missing; a record to be answered has a prompt or messages,"
                                + " this one has [text]");
    }

    @Test
    void aTargetNeedsAWeightToSteer() {
        assertThatThrownBy(() -> ppo(Map.of("kl_coef", 0, "kl_target", 6)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kl_target of ppo is 6.0 and kl_coef 0.0");
    }
}
