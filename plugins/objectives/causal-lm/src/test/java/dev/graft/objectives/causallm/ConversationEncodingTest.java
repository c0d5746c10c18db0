package dev.graft.objectives.causallm;

import static dev.graft.objectives.causallm.Encodings.DEFAULTS;
import static dev.graft.objectives.causallm.Encodings.chat;
import static dev.graft.objectives.causallm.Encodings.conversation;
import static dev.graft.objectives.causallm.Encodings.encode;
import static dev.graft.objectives.causallm.Encodings.learned;
import static dev.graft.objectives.causallm.Encodings.read;
import static dev.graft.objectives.causallm.Encodings.record;
import static dev.graft.objectives.causallm.Encodings.template;
import static dev.graft.objectives.causallm.Encodings.trainOn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.objectives.causallm.CausalLmConfig.TrainOn;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Rendered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationEncodingTest {
    private static final CharacterTokenizer UNMARKED = CharacterTokenizer.with(Templates::turns);
    private static final DataRecord TWO_TURNS =
            conversation("user", "hi", "assistant", "yes", "user", "bye", "assistant", "ok");

    /** Chat templates. */
    private static final class Templates {
        /** {@code u:hi;a:yes;} */
        static Rendered turns(List<Map<String, Object>> messages, boolean start) {
            StringBuilder text = new StringBuilder();
            for (Map<String, Object> message : messages) {
                text.append(message.get("role").toString().charAt(0))
                        .append(':')
                        .append(message.get("content").toString().strip())
                        .append(';');
            }
            return new Rendered(text + (start ? "a:" : ""), List.of());
        }

        /** The same with contents of answers marked. */
        static Rendered marked(List<Map<String, Object>> messages, boolean start) {
            List<int[]> spans = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                if (messages.get(i).get("role").equals("assistant")) {
                    int from = turns(messages.subList(0, i), true).text().length();
                    int to = turns(messages.subList(0, i + 1), false).text().length();
                    spans.add(new int[] {from, to - 1});
                }
            }
            return new Rendered(turns(messages, start).text(), spans);
        }

        /** The same with the end of the turn marked as a piece of its own. */
        static Rendered markedInPieces(List<Map<String, Object>> messages, boolean start) {
            Rendered whole = marked(messages, start);
            List<int[]> pieces = new ArrayList<>();
            for (int[] span : whole.assistant()) {
                pieces.add(span);
                pieces.add(new int[] {span[1], span[1] + 1});
            }
            return new Rendered(whole.text(), pieces);
        }

        /** The first with an empty thought in an answer only while it is the last, and thinking begun by the prompt. */
        static Rendered thinking(List<Map<String, Object>> messages, boolean start) {
            List<Map<String, Object>> shown = new ArrayList<>(messages);
            Map<String, Object> last = messages.get(messages.size() - 1);
            if (last.get("role").equals("assistant")) {
                shown.set(shown.size() - 1, Map.of("role", "assistant", "content", "<>" + last.get("content")));
            }
            return new Rendered(turns(shown, start).text() + (start ? "<" : ""), List.of());
        }

        /** Everything behind one title that counts the messages. */
        static Rendered counted(List<Map<String, Object>> messages, boolean start) {
            return new Rendered(messages.size() + "!" + turns(messages, start).text(), List.of());
        }
    }

    @Test
    void answersThatTheTemplateMarksAreLearned() {
        CharacterTokenizer tokenizer = CharacterTokenizer.with(Templates::marked);

        assertThat(read(DEFAULTS, tokenizer, TWO_TURNS)).isEqualTo("u:hi;a:yes;u:bye;a:ok;");
        assertThat(learned(DEFAULTS, tokenizer, TWO_TURNS)).isEqualTo("yesok");
        assertThat(learned(trainOn(TrainOn.COMPLETION), tokenizer, TWO_TURNS)).isEqualTo("ok");
    }

    @Test
    void theLastAnswerMayBeMarkedInPieces() {
        CharacterTokenizer tokenizer = CharacterTokenizer.with(Templates::markedInPieces);

        assertThat(learned(DEFAULTS, tokenizer, TWO_TURNS)).isEqualTo("yes;ok;");
        assertThat(learned(trainOn(TrainOn.COMPLETION), tokenizer, TWO_TURNS)).isEqualTo("ok;");
        assertThat(learned(trainOn(TrainOn.COMPLETION), tokenizer, conversation("assistant", "hi", "user", "yo")))
                .isEqualTo("hi;");
    }

    @Test
    void answersThatNothingMarksAreLearnedWithTheEndOfTheirTurn() {
        assertThat(encode(DEFAULTS, UNMARKED, TWO_TURNS)
                        .orElseThrow()
                        .sequences()
                        .get(0)
                        .labels())
                .containsExactly(
                        -100, -100, -100, -100, -100, -100, -100, 'y', 'e', 's', ';', -100, -100, -100, -100, -100,
                        -100, -100, -100, 'o', 'k', ';');
    }

    @Test
    void ofAConversationTheLastAnswerIsTheCompletion() {
        assertThat(learned(trainOn(TrainOn.COMPLETION), UNMARKED, TWO_TURNS)).isEqualTo("ok;");
    }

    @Test
    void allOfAConversationIsLearnedWhenAsked() {
        assertThat(learned(trainOn(TrainOn.ALL), UNMARKED, TWO_TURNS)).isEqualTo("u:hi;a:yes;u:bye;a:ok;");
    }

    @Test
    void aConversationThatTheAssistantOpensIsLearnedFromItsContentOn() {
        assertThat(learned(DEFAULTS, UNMARKED, conversation("assistant", "hi", "user", "yo", "assistant", "so")))
                .isEqualTo("hi;so;");
    }

    @Test
    void answersAreFoundWhereTheTemplateRewritesEarlierTurns() {
        CharacterTokenizer tokenizer = CharacterTokenizer.with(Templates::thinking);

        assertThat(read(DEFAULTS, tokenizer, TWO_TURNS)).isEqualTo("u:hi;a:yes;u:bye;a:<>ok;");
        assertThat(learned(DEFAULTS, tokenizer, TWO_TURNS)).isEqualTo("yes;>ok;");
    }

    @Test
    void contentsAreFoundWhereTheTemplateStripsThem() {
        assertThat(learned(
                        DEFAULTS,
                        CharacterTokenizer.with(Templates::thinking),
                        conversation("user", "hi", "assistant", " yes \n", "user", "bye", "assistant", "ok ")))
                .isEqualTo("yes;>ok;");
    }

    @Test
    void aTemplateThatRewritesEverythingIsRefused() {
        CharacterTokenizer tokenizer = CharacterTokenizer.with(Templates::counted);

        assertThatThrownBy(() -> encode(DEFAULTS, tokenizer, TWO_TURNS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: what the assistant wrote in messages[3] cannot be told from the rest of the"
                        + " rendered conversation; the chat template must mark it with {% generation %}, or train_on"
                        + " must be all");
    }

    @Test
    void aConversationWithoutAnswersTeachesNothing() {
        assertThat(encode(DEFAULTS, UNMARKED, conversation("user", "hi"))).isEmpty();
    }

    @Test
    void promptAndCompletionAreAConversationWhereThereIsATemplateForIt() {
        DataRecord record = record("system", "be", "prompt", "hi", "completion", "yo");

        assertThat(read(DEFAULTS, UNMARKED, record)).isEqualTo("s:be;u:hi;a:yo;");
        assertThat(learned(chat(ChatUse.ALWAYS), UNMARKED, record)).isEqualTo("yo;");
        assertThat(read(chat(ChatUse.NEVER), UNMARKED, record)).isEqualTo("^be\n\nhi\nyo$");
        assertThat(read(template("{system}{prompt}>{completion}"), UNMARKED, record))
                .isEqualTo("^behi>yo$");
    }

    @Test
    void toolsReachTheTemplate() {
        Tokenizer tokenizer = mock(Tokenizer.class);
        when(tokenizer.hasChatTemplate()).thenReturn(true);
        when(tokenizer.render(any(), anyBoolean(), any())).thenReturn(new Rendered("ab", List.of(new int[] {1, 2})));
        when(tokenizer.encode("ab", false))
                .thenReturn(new Tokenizer.Encoding(new int[] {5, 6}, new int[] {0, 1}, new int[] {1, 2}));
        List<Map<String, Object>> messages = List.of(Map.of("role", "user", "content", "hi"));
        List<Map<String, Object>> tools = List.of(Map.of("name", "clock"));

        encode(DEFAULTS, tokenizer, record("messages", messages, "tools", tools));

        verify(tokenizer).render(messages, false, Map.of("tools", tools));
        assertThatThrownBy(() -> encode(DEFAULTS, tokenizer, record("messages", messages, "tools", "clock")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'tools' holds clock where a list of tools is expected");
    }

    @Test
    void aConversationNeedsAChatTemplate() {
        String message = "data.jsonl:3: the record is to be rendered as a conversation, but the tokenizer has no chat"
                + " template; give it a chat_template.jinja, or prompt and completion with chat: never";

        assertThatThrownBy(() -> encode(DEFAULTS, CharacterTokenizer.plain(), TWO_TURNS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> encode(
                        chat(ChatUse.ALWAYS), CharacterTokenizer.plain(), record("prompt", "hi", "completion", "yo")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void whatATemplateRefusesIsReportedWithTheRecord() {
        CharacterTokenizer tokenizer = CharacterTokenizer.with((messages, start) -> {
            throw new ConfigurationException("the chat template refuses this conversation: no system message");
        });

        assertThatThrownBy(() -> encode(DEFAULTS, tokenizer, TWO_TURNS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: the chat template refuses this conversation: no system message");
    }

    @Test
    void messagesMustBeAList() {
        assertThatThrownBy(() -> encode(DEFAULTS, UNMARKED, record("messages", "hi")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("data.jsonl:3: column 'messages' holds hi where a list of messages is expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hi", "{content=hi}"})
    void messagesMustHaveRoles(String shown) {
        Object message = shown.equals("hi") ? "hi" : Map.of("content", "hi");

        assertThatThrownBy(() -> encode(DEFAULTS, UNMARKED, record("messages", List.of(message))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "data.jsonl:3: messages[0] is " + shown + " where a message with role and content is expected");
    }
}
