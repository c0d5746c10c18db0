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
     * Reads a conversation. The answer begins where the text leaves that of the prompt with the start of an answer.
     *
     * @param asked the messages of the prompt
     * @param answer the messages of the answer
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
            String text = tokenizer.render(all, false, variables).text();
            String head = asked.isEmpty()
                    ? ""
                    : tokenizer.render(asked, true, variables).text();
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
