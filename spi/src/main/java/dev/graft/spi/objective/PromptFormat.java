package dev.graft.spi.objective;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a prompt and its answer become one text: a conversation through the tokenizer's chat template, or plain text
 * through a template of places.
 *
 * @param chat when texts become a conversation
 * @param template places for texts that become none; null = as {@link PromptTemplate#paragraphs} has it
 */
public record PromptFormat(Chat chat, PromptTemplate template) {
    /** When a prompt and an answer that are texts are rendered as a conversation. */
    public enum Chat {
        /** Where the tokenizer has a chat template and no {@code template} is given. */
        AUTO,
        /** Always; a tokenizer without a chat template is an error. */
        ALWAYS,
        /** Never. */
        NEVER
    }

    /**
     * Reads texts.
     *
     * @param record the record they are from, which may hold a {@code system} message and {@code tools}
     * @throws ConfigurationException if there is no chat template, or it refuses the conversation, naming the record
     */
    public AnsweredPrompt text(DataRecord record, String prompt, String answer, Tokenizer tokenizer) {
        String system = record.text("system").orElse("");
        if (chat == Chat.ALWAYS || (chat == Chat.AUTO && template == null && tokenizer.hasChatTemplate())) {
            List<Map<String, Object>> asked = new ArrayList<>();
            if (!system.isEmpty()) {
                asked.add(message("system", system));
            }
            asked.add(message("user", prompt));
            return conversation(record, asked, List.of(message("assistant", answer)), tokenizer);
        }
        PromptTemplate places = template == null ? PromptTemplate.paragraphs() : template;
        if (!system.isEmpty() && !places.takesSystem()) {
            throw new ConfigurationException(record.source()
                    + ": the record has a system message, but the template has no place for it; {system} must stand"
                    + " before {completion}");
        }
        PromptTemplate.Filled filled = places.fill(system, prompt, answer);
        return new AnsweredPrompt(filled.text(), filled.completion(), false);
    }

    /**
     * Reads what a model is to answer: the column {@code prompt}, a text or a list of messages; else {@code messages} without the answer they
     * end with; else what {@code chosen} and {@code rejected} begin with.
     *
     * @return the text up to where the answer begins
     * @throws ConfigurationException if there is none of them, or no chat template for messages, naming the record
     */
    public AnsweredPrompt prompt(DataRecord record, Tokenizer tokenizer) {
        Object asked = record.fields().get("prompt");
        if (asked instanceof String text) {
            AnsweredPrompt answered = text(record, text, "-", tokenizer);
            return new AnsweredPrompt(
                    answered.text().substring(0, answered.answer()), answered.answer(), answered.rendered());
        }
        if (asked == null && record.fields().containsKey("chosen")) {
            AnsweredPrompt chosen = PreferencePair.of(record, this, tokenizer)
                    .map(PreferencePair::chosen)
                    .orElse(new AnsweredPrompt("", 0, false));
            return new AnsweredPrompt(chosen.text().substring(0, chosen.answer()), chosen.answer(), chosen.rendered());
        }
        List<Map<String, Object>> messages = messages(record, asked == null ? "messages" : "prompt");
        int end = messages.size();
        while (asked == null
                && end > 0
                && "assistant".equals(messages.get(end - 1).get("role"))) {
            end--;
        }
        if (end == 0) {
            return new AnsweredPrompt("", 0, false);
        }
        return conversation(record, messages.subList(0, end), List.of(), tokenizer);
    }

    private static List<Map<String, Object>> messages(DataRecord record, String column) {
        if (!(record.fields().get(column) instanceof List<?> list)) {
            throw new ConfigurationException(record.source() + ": column '" + column
                    + "' is missing; a record to be answered has a prompt or messages, this one has "
                    + record.fields().keySet().stream().sorted().toList());
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (Object item : list) {
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

    /**
     * Reads a conversation. The answer begins where the text leaves that of the prompt with the start of an answer.
     *
     * @param asked the messages of the prompt
     * @param answer the messages of the answer; none for a prompt that is to be answered
     * @throws ConfigurationException if there is no chat template, or it refuses the conversation, naming the record
     */
    public AnsweredPrompt conversation(
            DataRecord record, List<Map<String, Object>> asked, List<Map<String, Object>> answer, Tokenizer tokenizer) {
        if (!tokenizer.hasChatTemplate()) {
            throw new ConfigurationException(
                    record.source() + ": the record is to be rendered as a conversation, but the"
                            + " tokenizer has no chat template; give it a chat_template.jinja, or texts with chat: never");
        }
        List<Map<String, Object>> all = new ArrayList<>(asked);
        all.addAll(answer);
        Map<String, Object> variables =
                record.fields().get("tools") instanceof List<?> tools ? Map.of("tools", tools) : Map.of();
        try {
            String head = asked.isEmpty()
                    ? ""
                    : tokenizer.render(asked, true, variables).text();
            if (answer.isEmpty()) {
                return new AnsweredPrompt(head, head.length(), true);
            }
            String text = tokenizer.render(all, false, variables).text();
            return new AnsweredPrompt(text, common(text, head), true);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(record.source() + ": " + e.getMessage(), e);
        }
    }

    /** Length of the common beginning of two texts, in whole characters. */
    static int common(String one, String other) {
        int length = 0;
        int most = Math.min(one.length(), other.length());
        while (length < most && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length > 0 && length < one.length() && Character.isHighSurrogate(one.charAt(length - 1))
                ? length - 1
                : length;
    }

    /** A message of a role. */
    static Map<String, Object> message(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }
}
