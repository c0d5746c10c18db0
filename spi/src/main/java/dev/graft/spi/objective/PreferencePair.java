package dev.graft.spi.objective;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A better and a worse answer to one prompt, read from the columns {@code prompt}, {@code chosen} and {@code rejected}:
 * texts or lists of messages. Where {@code prompt} is left out, or the conversations hold it, it is what both
 * answers begin with: whole messages, or characters up to the first that differs, without a space before it. These are
 * the explicit and the implicit prompts of TRL's preference format.
 *
 * @param chosen the better answer with its prompt
 * @param rejected the worse answer with its prompt
 */
public record PreferencePair(AnsweredPrompt chosen, AnsweredPrompt rejected) {
    private static final String PROMPT = "prompt";

    /**
     * Reads a record.
     *
     * @return empty where an answer is empty, or both are the same: nothing is preferred then
     * @throws ConfigurationException if an answer is missing or no text or list of messages, naming record and column
     */
    public static Optional<PreferencePair> of(DataRecord record, PromptFormat format, Tokenizer tokenizer) {
        Object chosen = answer(record, "chosen");
        Object rejected = answer(record, "rejected");
        if (chosen.equals(rejected) || empty(chosen) || empty(rejected)) {
            return Optional.empty();
        }
        Object prompt = record.fields().get(PROMPT);
        boolean texts = chosen instanceof String && rejected instanceof String;
        if (texts && prompt == null) {
            return split((String) chosen, (String) rejected);
        }
        if (texts && prompt instanceof String asked) {
            return Optional.of(new PreferencePair(
                    format.text(record, asked, (String) chosen, tokenizer),
                    format.text(record, asked, (String) rejected, tokenizer)));
        }
        return conversations(record, format, tokenizer, messages(record, "chosen"), messages(record, "rejected"));
    }

    private static Optional<PreferencePair> split(String chosen, String rejected) {
        int common = PromptFormat.common(chosen, rejected);
        int prompt = common > 0 && chosen.charAt(common - 1) == ' ' ? common - 1 : common;
        if (common == chosen.length() || common == rejected.length()) {
            return Optional.empty();
        }
        return Optional.of(new PreferencePair(
                new AnsweredPrompt(chosen, prompt, false), new AnsweredPrompt(rejected, prompt, false)));
    }

    private static Optional<PreferencePair> conversations(
            DataRecord record,
            PromptFormat format,
            Tokenizer tokenizer,
            List<Map<String, Object>> chosen,
            List<Map<String, Object>> rejected) {
        List<Map<String, Object>> asked = asked(record);
        boolean held = !answers(chosen) && !answers(rejected);
        int common = 0;
        if (asked.isEmpty() || held) {
            while (common < Math.min(chosen.size(), rejected.size())
                    && chosen.get(common).equals(rejected.get(common))) {
                common++;
            }
            if (common == chosen.size() || common == rejected.size()) {
                return Optional.empty();
            }
            boolean system = !asked.isEmpty() && "system".equals(asked.get(0).get("role"));
            boolean adds = system && !"system".equals(chosen.get(0).get("role"));
            asked = new ArrayList<>(adds ? asked.subList(0, 1) : List.of());
            asked.addAll(chosen.subList(0, common));
        }
        List<Map<String, Object>> better = chosen.subList(common, chosen.size());
        List<Map<String, Object>> worse = rejected.subList(common, rejected.size());
        return Optional.of(new PreferencePair(
                format.conversation(record, asked, better, tokenizer),
                format.conversation(record, asked, worse, tokenizer)));
    }

    /** Whether messages begin with an answer, so that the prompt is not among them. */
    private static boolean answers(List<Map<String, Object>> messages) {
        return "assistant".equals(messages.get(0).get("role"));
    }

    private static List<Map<String, Object>> asked(DataRecord record) {
        Object prompt = record.fields().get(PROMPT);
        if (prompt == null) {
            return List.of();
        }
        if (prompt instanceof String text) {
            List<Map<String, Object>> asked = new ArrayList<>();
            record.text("system").ifPresent(system -> asked.add(PromptFormat.message("system", system)));
            asked.add(PromptFormat.message("user", text));
            return asked;
        }
        return messages(record, PROMPT);
    }

    private static Object answer(DataRecord record, String column) {
        Object answer = record.fields().get(column);
        if (answer == null) {
            throw new ConfigurationException(record.source() + ": column '" + column
                    + "' is missing; a preference has chosen and rejected and perhaps prompt, the record has "
                    + record.fields().keySet().stream().sorted().toList());
        }
        if (!(answer instanceof String) && !(answer instanceof List)) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' holds " + answer
                    + " where a text or a list of messages is expected");
        }
        return answer;
    }

    private static boolean empty(Object answer) {
        if (answer instanceof List<?> messages) {
            return messages.isEmpty()
                    || (messages.get(messages.size() - 1) instanceof Map<?, ?> last
                            && last.get("tool_calls") == null
                            && empty(last.get("content")));
        }
        return answer == null || (answer instanceof String text && text.isBlank());
    }

    private static List<Map<String, Object>> messages(DataRecord record, String column) {
        Object value = record.fields().get(column);
        if (value instanceof String text) {
            return List.of(PromptFormat.message("assistant", text));
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of(value)) {
            if (!(item instanceof Map<?, ?> map) || !(map.get("role") instanceof String)) {
                throw new ConfigurationException(record.source() + ": " + column + "[" + messages.size() + "] is "
                        + item + " where a message with role and content is expected");
            }
            Map<String, Object> message = new LinkedHashMap<>();
            map.forEach((key, content) -> message.put(String.valueOf(key), content));
            messages.add(message);
        }
        return messages;
    }
}
