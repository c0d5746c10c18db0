package dev.graft.kernel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordShaperTest {
    private static final RecordShaper PLAIN = new RecordShaper(null, null, null, null);

    @Test
    void aRecordToBeLabelledKeepsItsPairAndNeedsNoLabel() {
        RecordShaper named = new RecordShaper(
                "text_label", Map.of("text", "premise", "text_pair", "claim", "label", "mood"), null, null);
        DataRecord record = new DataRecord(Map.of("premise", "It rains", "claim", "Wet"), "a:1");

        assertThat(named.shapeWithoutLabel(record).fields()).isEqualTo(Map.of("text", "It rains", "text_pair", "Wet"));
        assertThat(PLAIN.shapeWithoutLabel(new DataRecord(Map.of("text", "a", "text_pair", "b"), "a:1"))
                        .fields())
                .isEqualTo(Map.of("text", "a", "text_pair", "b"));
        assertThatThrownBy(() -> named.shapeWithoutLabel(new DataRecord(Map.of("premise", "It rains"), "a:1")))
                .hasMessageContaining("column 'claim', which data.columns.text_pair names, is missing");
    }

    @Test
    void instructionAndInputBecomeThePrompt() {
        assertThat(shape(Map.of("instruction", "Add", "input", "1 and 2", "output", "3", "id", 7)))
                .isEqualTo(Map.of("prompt", "Add\n1 and 2", "completion", "3", "id", 7));
        assertThat(shape(Map.of("instruction", "Sing", "input", "", "output", "la")))
                .isEqualTo(Map.of("prompt", "Sing", "completion", "la"));
    }

    @Test
    void earlierTurnsMakeAnInstructionAConversation() {
        Map<String, Object> fields = Map.of(
                "instruction", "and 3?",
                "output", "6",
                "system", "You add.",
                "history", List.of(List.of("1 and 2?", "3")));

        assertThat(shape(fields))
                .isEqualTo(Map.of(
                        "messages",
                        List.of(
                                message("system", "You add."),
                                message("user", "1 and 2?"),
                                message("assistant", "3"),
                                message("user", "and 3?"),
                                message("assistant", "6"))));
    }

    @Test
    void sharedConversationsGetTheUsualRoles() {
        Map<String, Object> fields = Map.of(
                "conversations",
                List.of(
                        Map.of("from", "human", "value", "hi"),
                        Map.of("from", "function_call", "value", "{}"),
                        Map.of("from", "observation", "value", "ok"),
                        Map.of("from", "gpt", "value", "done")),
                "tools",
                "[{\"name\": \"look\"}]");

        assertThat(shape(fields))
                .isEqualTo(Map.of(
                        "messages",
                        List.of(
                                message("user", "hi"),
                                message("assistant", "{}"),
                                message("tool", "ok"),
                                message("assistant", "done")),
                        "tools",
                        List.of(Map.of("name", "look"))));
    }

    @Test
    void aSystemMessageIsPutBeforeConversationsThatHaveNone() {
        RecordShaper shaper = new RecordShaper(null, null, null, "Be brief.");
        List<Map<String, Object>> own = List.of(message("system", "Be long."), message("user", "hi"));

        assertThat(shaper.shape(record(Map.of("messages", List.of(message("user", "hi")))))
                        .fields())
                .isEqualTo(Map.of("messages", List.of(message("system", "Be brief."), message("user", "hi"))));
        assertThat(shaper.shape(record(Map.of("messages", own))).fields()).isEqualTo(Map.of("messages", own));
        assertThat(shaper.shape(record(Map.of("prompt", "a", "completion", "b")))
                        .fields())
                .isEqualTo(Map.of("prompt", "a", "completion", "b", "system", "Be brief."));
    }

    @Test
    void preferencesComeInSeveralForms() {
        assertThat(shape(Map.of("prompt", "q", "chosen", "good", "rejected", "bad")))
                .isEqualTo(Map.of("prompt", "q", "chosen", "good", "rejected", "bad"));
        assertThat(shape(Map.of(
                        "conversations", List.of(Map.of("from", "human", "value", "q")),
                        "chosen", Map.of("from", "gpt", "value", "good"),
                        "rejected", Map.of("from", "gpt", "value", "bad"))))
                .isEqualTo(Map.of("prompt", List.of(message("user", "q")), "chosen", "good", "rejected", "bad"));
    }

    @Test
    void columnsMayBeCalledOtherwise() {
        RecordShaper shaper = new RecordShaper(null, Map.of("prompt", "question", "completion", "answer"), null, null);

        assertThat(shaper.shape(record(Map.of("question", "q", "answer", "a"))).fields())
                .isEqualTo(Map.of("prompt", "q", "completion", "a"));
        assertThatThrownBy(() -> shaper.shape(record(Map.of("question", "q"))))
                .hasMessage("file:3: column 'answer', which data.columns.completion names, is missing; the record has"
                        + " [question]");
        assertThatThrownBy(() -> new RecordShaper(null, Map.of("quest", "x"), null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.columns.quest is unknown");
    }

    @Test
    void aTemplateMakesTextOfAnyColumns() {
        RecordShaper shaper = new RecordShaper(null, null, "Q: {question}\n{{A}}: {n}", null);

        assertThat(shaper.shape(record(Map.of("question", "why $1?", "n", 2, "label", "x")))
                        .fields())
                .containsEntry("text", "Q: why $1?\n{A}: 2")
                .containsEntry("label", "x");
        assertThatThrownBy(() -> shaper.shape(record(Map.of("n", 2))))
                .hasMessageContaining("column 'question', which data.template names, is missing");
        assertThatThrownBy(() -> new RecordShaper(null, null, "nothing", null))
                .hasMessageContaining("data.template names no column");
    }

    @Test
    void recordsThatFitNoFormatAreReported() {
        assertRefused(Map.of("body", "x"), "file:3: the columns [body] fit no format; known are");
        assertRefused(Map.of("messages", "x"), "where a list of messages is expected");
        assertRefused(Map.of("messages", List.of()), "holds no message");
        assertRefused(Map.of("messages", List.of("hi")), "messages[0] is hi where a message");
        assertRefused(Map.of("messages", List.of(message("wizard", "x"))), "has the role wizard; it must be one of");
        assertRefused(Map.of("messages", List.of(Map.of("role", "user"))), "messages[0] has no content");
        List<Map<String, Object>> hi = List.of(message("user", "hi"));
        assertRefused(Map.of("messages", hi, "tools", "[x"), "column 'tools' is not JSON");
        assertRefused(Map.of("messages", hi, "tools", "{}"), "column 'tools' holds {} where a list of tools");
        assertThat(shape(Map.of("messages", hi, "tools", ""))).isEqualTo(Map.of("messages", hi));
        assertRefused(Map.of("prompt", 5, "completion", "x"), "column 'prompt' holds 5 where text is expected");
        assertRefused(Map.of("instruction", "a", "output", "b", "history", List.of("x")), "where a list of two texts");
        assertThatThrownBy(() -> new RecordShaper("text_label", null, null, null).shape(record(Map.of("text", "x"))))
                .hasMessage("file:3: column 'label' is missing; format text_label needs [label, text], the record has"
                        + " [text]");
    }

    private static void assertRefused(Map<String, Object> fields, String reason) {
        assertThatThrownBy(() -> shape(fields))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(reason);
    }

    private static Map<String, Object> shape(Map<String, Object> fields) {
        return PLAIN.shape(record(fields)).fields();
    }

    private static DataRecord record(Map<String, Object> fields) {
        return new DataRecord(fields, "file:3");
    }

    private static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }
}
