package dev.graft.objectives.dpo;

import static dev.graft.kernel.testing.PreferenceRecords.messages;
import static dev.graft.kernel.testing.PreferenceRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.kernel.testing.PreferenceRecords;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairEncodingTest {
    private static final int ANY = 1000;

    /** An answer as the model reads it. */
    private record Read(String text, String learned) {}

    private static Optional<Example> encode(
            CharacterTokenizer tokenizer, int most, DataRecord record, Map<String, Object> keys) {
        DpoConfig config = ConfigurationBinder.bind(DpoConfig.class, keys, "objective");
        return new Dpo(config).encode(record, PreferenceRecords.context(tokenizer, most));
    }

    /** Both answers, put together again from a shared row; what a row of its own for each answer says is the same. */
    private static List<Read> read(CharacterTokenizer tokenizer, int most, DataRecord record, String... chat) {
        Map<String, Object> keys = chat.length == 0 ? Map.of() : Map.of("chat", chat[0]);
        Map<String, Object> apart = new HashMap<>(keys);
        apart.put("share_prompt", false);
        List<Read> rows = encode(tokenizer, most, record, apart).orElseThrow().sequences().stream()
                .map(sequence ->
                        new Read(tokenizer.decode(sequence.ids(), false), tokenizer.learned(sequence.labels())))
                .toList();
        Sequence shared =
                encode(tokenizer, most, record, keys).orElseThrow().sequences().get(0);
        assertThat(List.of(branch(tokenizer, shared, 1), branch(tokenizer, shared, 2)))
                .isEqualTo(rows);
        assertThat(shared.depth())
                .isEqualTo(
                        rows.stream().mapToInt(row -> row.text().length()).max().orElseThrow());
        return rows;
    }

    private static Read branch(CharacterTokenizer tokenizer, Sequence sequence, int branch) {
        int[] places = IntStream.range(0, sequence.length())
                .filter(i -> sequence.branches()[i] == 0 || sequence.branches()[i] == branch)
                .toArray();
        int[] ids = Arrays.stream(places).map(i -> sequence.ids()[i]).toArray();
        int[] labels = Arrays.stream(places).map(i -> sequence.labels()[i]).toArray();
        return new Read(tokenizer.decode(ids, false), tokenizer.learned(labels));
    }

    private static List<Read> plain(Object... record) {
        return read(CharacterTokenizer.plain(), ANY, record(record));
    }

    @Test
    void textsAreJoinedAsTheyAreLearnedFromPromptsAndCompletions() {
        assertThat(plain("prompt", "ab", "chosen", "cd", "rejected", "ce"))
                .containsExactly(new Read("^ab\ncd$", "cd$"), new Read("^ab\nce$", "ce$"));
    }

    @Test
    void aPromptThatIsLeftOutIsWhatBothAnswersBeginWith() {
        assertThat(plain("chosen", "is it? yes", "rejected", "is it? no"))
                .containsExactly(new Read("^is it? yes$", " yes$"), new Read("^is it? no$", " no$"));
    }

    @Test
    void messagesAreRenderedWithTheChatTemplate() {
        assertThat(read(
                        PreferenceRecords.chat(),
                        ANY,
                        record(
                                "prompt",
                                messages("user", "hi"),
                                "chosen",
                                messages("assistant", "hello"),
                                "rejected",
                                messages("assistant", "go"))))
                .containsExactly(
                        new Read("user:hi;assistant:hello;", "hello;"), new Read("user:hi;assistant:go;", "go;"));
    }

    @Test
    void conversationsThatHoldThePromptShareTheirFirstMessages() {
        List<Map<String, Object>> chosen = messages("user", "hi", "assistant", "hello");
        List<Map<String, Object>> rejected = messages("user", "hi", "assistant", "go");
        List<Read> expected =
                List.of(new Read("user:hi;assistant:hello;", "hello;"), new Read("user:hi;assistant:go;", "go;"));

        assertThat(read(PreferenceRecords.chat(), ANY, record("chosen", chosen, "rejected", rejected)))
                .isEqualTo(expected);
        assertThat(read(PreferenceRecords.chat(), ANY, record("prompt", "hi", "chosen", chosen, "rejected", rejected)))
                .isEqualTo(expected);
    }

    @Test
    void textsBecomeAConversationWhereThereIsAChatTemplate() {
        DataRecord record = record("prompt", "hi", "system", "be kind", "chosen", "hello", "rejected", "go");

        assertThat(read(PreferenceRecords.chat(), ANY, record).get(0))
                .isEqualTo(new Read("system:be kind;user:hi;assistant:hello;", "hello;"));
        assertThat(read(PreferenceRecords.chat(), ANY, record, "never").get(0))
                .isEqualTo(new Read("^be kind\n\nhi\nhello$", "hello$"));
    }

    @Test
    void longAnswersAreCutAtTheirEnd() {
        assertThat(read(CharacterTokenizer.plain(), 6, record("prompt", "ab ", "chosen", "cdefg", "rejected", "x")))
                .containsExactly(new Read("^ab cd", "cd"), new Read("^ab x$", "x$"));
    }

    static Stream<DataRecord> recordsWithoutAPreference() {
        return Stream.of(
                record("prompt", "a", "chosen", "same", "rejected", "same"),
                record("prompt", "a", "chosen", "", "rejected", "b"),
                record("prompt", "a", "chosen", "b", "rejected", "  "),
                record("chosen", "ab", "rejected", "ab c"),
                record("prompt", messages("user", "a"), "chosen", messages("assistant", ""), "rejected", "b"),
                record("chosen", messages("user", "a"), "rejected", messages("user", "a", "assistant", "b")),
                record("chosen", List.of(), "rejected", "b"));
    }

    @ParameterizedTest
    @MethodSource("recordsWithoutAPreference")
    void identicalPairsAndEmptyAnswersTeachNothing(DataRecord record) {
        assertThat(encode(PreferenceRecords.chat(), ANY, record, Map.of())).isEmpty();
    }

    @Test
    void answersOfWhichCuttingLeavesNothingOrNoDifferenceTeachNothing() {
        CharacterTokenizer tokenizer = CharacterTokenizer.plain();
        assertThat(encode(tokenizer, 4, record("prompt", "abcd", "chosen", "e", "rejected", "f"), Map.of()))
                .isEmpty();
        assertThat(encode(tokenizer, 4, record("prompt", "a ", "chosen", "bc", "rejected", "bd"), Map.of()))
                .isEmpty();
    }

    static Stream<List<Object>> wrongRecords() {
        return Stream.of(
                List.of(
                        record("prompt", "a", "chosen", "b"),
                        "data.jsonl:3: column 'rejected' is missing; a preference has chosen and rejected and perhaps"
                                + " prompt, the record has [chosen, prompt]"),
                List.of(
                        record("prompt", "a", "chosen", 7, "rejected", "b"),
                        "data.jsonl:3: column 'chosen' holds 7 where a text or a list of messages is expected"),
                List.of(
                        record("prompt", "a", "chosen", List.of("x"), "rejected", "b"),
                        "data.jsonl:3: chosen[0] is x where a message with role and content is expected"),
                List.of(
                        record("prompt", messages("user", "a"), "chosen", "c", "rejected", "b"),
                        "data.jsonl:3: the record is to be rendered as a conversation, but the tokenizer has no chat"
                                + " template; give it a chat_template.jinja, or texts with chat: never"));
    }

    @ParameterizedTest
    @MethodSource("wrongRecords")
    void aWrongRecordIsOneSentence(List<Object> recordAndMessage) {
        assertThatThrownBy(
                        () -> encode(CharacterTokenizer.plain(), ANY, (DataRecord) recordAndMessage.get(0), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage((String) recordAndMessage.get(1));
    }

    static Stream<List<Object>> wrongKeys() {
        return Stream.of(
                List.of(Map.of("beta", 0), "beta of dpo is 0.0; it must be above 0"),
                List.of(
                        Map.of("loss_type", "hinge", "label_smoothing", 0.1),
                        "label_smoothing of dpo is 0.1, but loss_type hinge has none; it must be 0, or loss_type one of"
                                + " sigmoid, robust, simpo"),
                List.of(
                        Map.of("loss_type", "robust", "label_smoothing", 0.5),
                        "label_smoothing of dpo is 0.5; with loss_type robust it must be below 0.5"),
                List.of(
                        Map.of("loss_type", "orpo", "precompute_ref_log_probs", true),
                        "precompute_ref_log_probs of dpo is true, but loss_type orpo has no reference; it must be false"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeys")
    @SuppressWarnings("unchecked")
    void wrongKeysAreOneSentence(List<Object> keysAndMessage) {
        assertThatThrownBy(() -> ConfigurationBinder.bind(
                        DpoConfig.class, (Map<String, Object>) keysAndMessage.get(0), "objective"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining((String) keysAndMessage.get(1));
    }
}
