package dev.graft.objectives.causallm;

import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.objectives.causallm.CausalLmConfig.TrainOn;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.PromptTemplate;
import dev.graft.spi.objective.PromptTemplate.Filled;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns a record into the text a model reads, with what is to be learned of it. */
final class RecordText {
    private static final String MESSAGES = "messages";
    private static final String PROMPT = "prompt";
    private static final String COMPLETION = "completion";
    private static final String SYSTEM = "system";
    private static final String TOOLS = "tools";

    private final CausalLmConfig config;
    private final PromptTemplate template;

    RecordText(CausalLmConfig config) {
        this.config = config;
        this.template = config.template() == null
                ? PromptTemplate.paragraphs()
                : PromptTemplate.parse(config.template(), "causal-lm");
    }

    /**
     * The text of a record; empty where it, or the answer in it, is.
     *
     * @throws ConfigurationException if columns are missing or hold the wrong type, or a chat template is missing or
     *     refuses the conversation, naming the record
     */
    Optional<Passage> read(DataRecord record, Tokenizer tokenizer) {
        if (config.text() == null && record.fields().containsKey(MESSAGES)) {
            return Optional.of(conversation(record, tokenizer, messages(record)));
        }
        if (config.text() == null && record.fields().containsKey(COMPLETION)) {
            return record.require(COMPLETION).isEmpty() ? Optional.empty() : Optional.of(answer(record, tokenizer));
        }
        String text = plain(record);
        return text.isEmpty() ? Optional.empty() : Optional.of(new Passage(text, null, false));
    }

    private String plain(DataRecord record) {
        String text = record.require(config.text() == null ? "text" : config.text());
        if (config.trainOn() == TrainOn.COMPLETION || config.trainOn() == TrainOn.ASSISTANT) {
            throw new ConfigurationException(record.source() + ": train_on is "
                    + config.trainOn().name().toLowerCase(Locale.ROOT)
                    + ", but the record holds plain text, of which only all can be learned; answers come as messages or"
                    + " as prompt and completion");
        }
        return text;
    }

    private Passage answer(DataRecord record, Tokenizer tokenizer) {
        String system = record.text(SYSTEM).orElse("");
        boolean chat = config.chat() == ChatUse.ALWAYS
                || (config.chat() == ChatUse.AUTO && config.template() == null && tokenizer.hasChatTemplate());
        if (chat) {
            List<Map<String, Object>> messages = new ArrayList<>();
            if (!system.isEmpty()) {
                messages.add(message(SYSTEM, system));
            }
            messages.add(message("user", record.require(PROMPT)));
            messages.add(message("assistant", record.require(COMPLETION)));
            return conversation(record, tokenizer, messages);
        }
        if (!system.isEmpty() && !template.takesSystem()) {
            throw new ConfigurationException(record.source()
                    + ": the record has a system message, but template of causal-lm has no place for it; {system} must"
                    + " stand before {completion}");
        }
        Filled filled = template.fill(system, record.require(PROMPT), record.require(COMPLETION));
        int[] answer = {filled.completion(), filled.text().length()};
        return new Passage(filled.text(), config.trainOn() == TrainOn.ALL ? null : List.of(answer), false);
    }

    private static Map<String, Object> message(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }

    private Passage conversation(DataRecord record, Tokenizer tokenizer, List<Map<String, Object>> messages) {
        if (!tokenizer.hasChatTemplate()) {
            throw new ConfigurationException(
                    record.source() + ": the record is to be rendered as a conversation, but the"
                            + " tokenizer has no chat template; give it a chat_template.jinja, or prompt and completion with"
                            + " chat: never");
        }
        try {
            Map<String, Object> variables = tools(record);
            Rendered whole = tokenizer.render(messages, false, variables);
            if (config.trainOn() == TrainOn.ALL) {
                return new Passage(whole.text(), null, true);
            }
            List<int[]> answers = new AssistantSpans(tokenizer, messages, variables, whole)
                    .find(config.trainOn() == TrainOn.COMPLETION);
            return new Passage(whole.text(), answers, true);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(record.source() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> tools(DataRecord record) {
        Object tools = record.fields().get(TOOLS);
        if (tools == null || tools.equals("")) {
            return Map.of();
        }
        if (!(tools instanceof List)) {
            throw new ConfigurationException("column 'tools' holds " + tools + " where a list of tools is expected");
        }
        return Map.of(TOOLS, tools);
    }

    private static List<Map<String, Object>> messages(DataRecord record) {
        if (!(record.fields().get(MESSAGES) instanceof List<?> list)) {
            throw new ConfigurationException(record.source() + ": column 'messages' holds "
                    + record.fields().get(MESSAGES) + " where a list of messages is expected");
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> map) || !(map.get("role") instanceof String)) {
                throw new ConfigurationException(record.source() + ": messages[" + messages.size() + "] is " + item
                        + " where a message with role and content is expected");
            }
            Map<String, Object> message = new LinkedHashMap<>();
            map.forEach((key, value) -> message.put(String.valueOf(key), value));
            messages.add(message);
        }
        return messages;
    }
}
