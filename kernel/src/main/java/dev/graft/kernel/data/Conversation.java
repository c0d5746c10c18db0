package dev.graft.kernel.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.DataRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages of a conversation, with {@code role} and {@code content} whatever a data set calls them. */
final class Conversation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> ROLES = Map.ofEntries(
            Map.entry("human", "user"),
            Map.entry("user", "user"),
            Map.entry("gpt", "assistant"),
            Map.entry("assistant", "assistant"),
            Map.entry("model", "assistant"),
            Map.entry("function_call", "assistant"),
            Map.entry("system", "system"),
            Map.entry("developer", "developer"),
            Map.entry("tool", "tool"),
            Map.entry("function", "tool"),
            Map.entry("function_response", "tool"),
            Map.entry("observation", "tool"));

    private final List<Map<String, Object>> messages = new ArrayList<>();

    private Conversation() {}

    /** The conversation that a column holds as a list. */
    static Conversation read(DataRecord record, String column) {
        if (!(record.fields().get(column) instanceof List<?> list)) {
            throw new ConfigurationException(record.source() + ": column '" + column + "' holds "
                    + record.fields().get(column) + " where a list of messages is expected");
        }
        Conversation conversation = new Conversation();
        for (int i = 0; i < list.size(); i++) {
            conversation.messages.add(message(record, column + "[" + i + "]", list.get(i)));
        }
        if (conversation.isEmpty()) {
            throw new ConfigurationException(
                    record.source() + ": column '" + column + "' holds no message; a conversation needs at least one");
        }
        return conversation;
    }

    /** Earlier turns of an Alpaca record, {@code history: [[asked, answered], ...]}; empty where there are none. */
    static Conversation history(DataRecord record) {
        Conversation conversation = new Conversation();
        Object history = record.fields().get(Column.HISTORY);
        if (history == null) {
            return conversation;
        }
        if (history instanceof List<?> turns) {
            for (Object turn : turns) {
                if (!(turn instanceof List<?> pair) || pair.size() != 2) {
                    throw new ConfigurationException(record.source() + ": column 'history' holds the turn " + turn
                            + " where a list of two texts, question and answer, is expected");
                }
                conversation.add("user", String.valueOf(pair.get(0)));
                conversation.add("assistant", String.valueOf(pair.get(1)));
            }
            return conversation;
        }
        throw new ConfigurationException(record.source() + ": column 'history' holds " + history
                + " where a list of [question, answer] pairs is expected");
    }

    /**
     * The tools that a conversation may call; null where there are none. Data sets keep them as a list or as its JSON
     * text.
     */
    static Object tools(DataRecord record) {
        Object tools = record.fields().get(Column.TOOLS);
        if (tools == null || tools instanceof List || (tools instanceof String text && text.isBlank())) {
            return tools instanceof List ? tools : null;
        }
        try {
            if (tools instanceof String text && JSON.readValue(text, Object.class) instanceof List<?> list) {
                return list;
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    record.source() + ": column 'tools' is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new ConfigurationException(
                record.source() + ": column 'tools' holds " + tools + " where a list of tools is expected");
    }

    /** An answer of a preference record: a text, one message, or a list that ends with one. */
    static Object answer(DataRecord record, String column) {
        Object value = record.fields().get(column);
        if (value instanceof List) {
            return read(record, column).messages;
        }
        return value instanceof Map ? message(record, column, value).get("content") : record.require(column);
    }

    private static Map<String, Object> message(DataRecord record, String place, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new ConfigurationException(record.source() + ": " + place + " is " + value
                    + " where a message with role and content is expected");
        }
        boolean shared = map.containsKey("from");
        Object role = map.get(shared ? "from" : "role");
        Object content = map.get(shared ? "value" : "content");
        if (!(role instanceof String name) || !ROLES.containsKey(name)) {
            throw new ConfigurationException(record.source() + ": " + place + " has the role " + role
                    + "; it must be one of " + ROLES.keySet().stream().sorted().toList());
        }
        if (content == null && map.get("tool_calls") == null) {
            throw new ConfigurationException(
                    record.source() + ": " + place + " has no " + (shared ? "value" : "content"));
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", ROLES.get(name));
        message.put("content", content);
        map.forEach((key, item) -> {
            if (!key.equals("from") && !key.equals("value")) {
                message.putIfAbsent((String) key, item);
            }
        });
        return message;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    void add(String role, String content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        messages.add(message);
    }

    void addAll(Conversation more) {
        messages.addAll(more.messages);
    }

    /** The messages, with this system message in front unless it is null or they begin with one. */
    List<Map<String, Object>> withSystem(String system) {
        List<Map<String, Object>> all = new ArrayList<>(messages);
        if (system != null && !"system".equals(messages.get(0).get("role"))) {
            Map<String, Object> first = new LinkedHashMap<>();
            first.put("role", "system");
            first.put("content", system);
            all.add(0, first);
        }
        return all;
    }
}
