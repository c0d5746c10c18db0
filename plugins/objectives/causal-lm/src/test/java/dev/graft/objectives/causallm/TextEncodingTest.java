package dev.graft.objectives.causallm;

import static dev.graft.objectives.causallm.Encodings.DEFAULTS;
import static dev.graft.objectives.causallm.Encodings.encode;
import static dev.graft.objectives.causallm.Encodings.learned;
import static dev.graft.objectives.causallm.Encodings.read;
import static dev.graft.objectives.causallm.Encodings.record;
import static dev.graft.objectives.causallm.Encodings.template;
import static dev.graft.objectives.causallm.Encodings.trainOn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.objectives.causallm.CausalLmConfig.TrainOn;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Sequence;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
    private static final CharacterTokenizer TOKENIZER = CharacterTokenizer.plain();
    private static final DataRecord ANSWERED = record("prompt", "2+2?", "completion", "4");

    @Test
    void everyTokenOfAPlainTextIsLearnedWithItsEnd() {
        Sequence sequence = encode(DEFAULTS, TOKENIZER, record("text", "abc"))
                .orElseThrow()
                .sequences()
                .get(0);

        assertThat(sequence.ids()).containsExactly(1, 'a', 'b', 'c', 2);
        assertThat(sequence.labels()).containsExactly(1, 'a', 'b', 'c', 2);
        assertThat(sequence.types()).isNull();
    }

    @Test
    void aTextThatEndsAlreadyIsNotEndedTwice() {
        assertThat(read(DEFAULTS, TOKENIZER, record("text", "abc$"))).isEqualTo("^abc$");
    }

    @Test
    void theEndIsLeftOutWhenAskedOrUnknown() {
        CausalLmConfig open = new CausalLmConfig(null, null, ChatUse.AUTO, false, null);

        assertThat(read(open, TOKENIZER, record("text", "abc"))).isEqualTo("^abc");
        assertThat(read(DEFAULTS, CharacterTokenizer.withoutEnd(), record("text", "abc")))
                .isEqualTo("^abc");
    }

    @Test
    void plainTextCanComeFromAnyColumn() {
        CausalLmConfig body = new CausalLmConfig(null, null, ChatUse.AUTO, true, "body");

        assertThat(read(body, TOKENIZER, record("text", "abc", "body", "xyz"))).isEqualTo("^xyz$");
    }

    @Test
    void ofAPromptOnlyTheCompletionIsLearned() {
        Sequence sequence =
                encode(DEFAULTS, TOKENIZER, ANSWERED).orElseThrow().sequences().get(0);

        assertThat(sequence.ids()).containsExactly(1, '2', '+', '2', '?', '\n', '4', 2);
        assertThat(sequence.labels()).containsExactly(-100, -100, -100, -100, -100, -100, '4', 2);
    }

    @Test
    void aSystemMessageIsAParagraphInFront() {
        DataRecord record = record("system", "Be brief.", "prompt", "2+2?", "completion", "4");

        assertThat(read(DEFAULTS, TOKENIZER, record)).isEqualTo("^Be brief.\n\n2+2?\n4$");
        assertThat(learned(DEFAULTS, TOKENIZER, record)).isEqualTo("4$");
    }

    @Test
    void whiteSpaceOfTheirOwnPartsPromptAndCompletion() {
        assertThat(read(DEFAULTS, TOKENIZER, record("prompt", "2+2= ", "completion", "4")))
                .isEqualTo("^2+2= 4$");
        assertThat(learned(DEFAULTS, TOKENIZER, record("prompt", "2+2=", "completion", " 4")))
                .isEqualTo(" 4$");
    }

    @Test
    void aTemplatePutsPromptAndCompletionInPlace() {
        CausalLmConfig config = template("[{system}] Q: {prompt} A: {completion}.");
        DataRecord record = record("prompt", "{completion}?", "completion", "{prompt}");

        assertThat(read(config, TOKENIZER, record)).isEqualTo("^[] Q: {completion}? A: {prompt}.$");
        assertThat(learned(config, TOKENIZER, record)).isEqualTo("{prompt}.$");
    }

    @Test
    void allOfAPromptIsLearnedWhenAsked() {
        assertThat(learned(trainOn(TrainOn.ALL), TOKENIZER, ANSWERED)).isEqualTo("^2+2?\n4$");
    }

    @Test
    void theCompletionIsWhatTheAssistantWrote() {
        assertThat(learned(trainOn(TrainOn.ASSISTANT), TOKENIZER, ANSWERED)).isEqualTo("4$");
    }

    @Test
    void emptyTextsAndAnswersTeachNothing() {
        assertThat(encode(DEFAULTS, TOKENIZER, record("text", ""))).isEmpty();
        assertThat(encode(DEFAULTS, TOKENIZER, record("prompt", "2+2?", "completion", "")))
                .isEmpty();
    }

    @Test
    void aSequenceOfOneTokenPredictsNothing() {
        assertThat(new LabelledTokens(new int[] {'a'}, new int[] {'a'}, 0).teach())
                .isFalse();
        assertThat(new LabelledTokens(new int[] {'a', 'b'}, new int[] {-100, 'b'}, 1).teach())
                .isTrue();
    }

    @Test
    void nothingIsCutHere() {
        assertThat(encode(DEFAULTS, TOKENIZER, record("text", "abcdefgh"))
                        .orElseThrow()
                        .tokens())
                .isEqualTo(10);
    }

    @Test
    void charactersAreCountedPerPredictedToken() {
        assertThat(encode(DEFAULTS, TOKENIZER, record("text", "a\uD83D\uDE42b"))
                        .orElseThrow()
                        .values())
                .containsEntry("characters_per_token", 3.0 / 4);
        assertThat(encode(DEFAULTS, TOKENIZER, ANSWERED).orElseThrow().values())
                .containsEntry("characters_per_token", 1.0 / 2);
    }

    @ParameterizedTest
    @EnumSource(
            value = TrainOn.class,
            names = {"COMPLETION", "ASSISTANT"})
    void plainTextHasNoAnswers(TrainOn trainOn) {
        assertThatThrownBy(() -> encode(trainOn(trainOn), TOKENIZER, record("text", "abc")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: train_on is "
                        + trainOn.name().toLowerCase(Locale.ROOT)
                        + ", but the record holds plain text, of which only all can be learned; answers come as messages"
                        + " or as prompt and completion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{prompt}",
                "{completion}",
                "{completion}{prompt}",
                "{prompt}{prompt}{completion}",
                "{prompt}{completion}{completion}",
                "{prompt}{completion}{system}",
                "{system}{system}{prompt}{completion}"
            })
    void aTemplateMustHoldEachPlaceOnceAndInOrder(String template) {
        CausalLmProvider provider = new CausalLmProvider();

        assertThatThrownBy(() -> provider.create(template(template)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("template of causal-lm is '" + template
                        + "'; it must hold {prompt} and after it {completion}, each once, and may hold {system} once"
                        + " before {completion}");
    }

    @Test
    void aSystemMessageIsNeverDroppedSilently() {
        DataRecord record = record("system", "Be brief.", "prompt", "2+2?", "completion", "4");

        assertThatThrownBy(() -> encode(template("{prompt} {completion}"), TOKENIZER, record))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: the record has a system message, but template of causal-lm has no place for"
                        + " it; {system} must stand before {completion}");
    }

    @Test
    void missingAndMistypedColumnsAreNamed() {
        assertThatThrownBy(() -> encode(DEFAULTS, TOKENIZER, record("title", "abc")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'text' is missing; the record has [title]");
        assertThatThrownBy(() -> encode(DEFAULTS, TOKENIZER, record("completion", "4")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'prompt' is missing; the record has [completion]");
        assertThatThrownBy(() -> encode(DEFAULTS, TOKENIZER, record("text", 7)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'text' holds 7 where text is expected");
    }
}
