package dev.graft.standalone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The messages of a conversation so far, as chat templates take them. */
public final class Conversation {
    private final List<Map<String, Object>> messages = new ArrayList<>();
    private String system = "";

    /** Everything said so far, the system text first if there is one. */
    public List<Map<String, Object>> messages() {
        List<Map<String, Object>> all = new ArrayList<>();
        if (!system.isEmpty()) {
            all.add(message("system", system));
        }
        all.addAll(messages);
        return all;
    }

    /** Sets the system text; an empty one takes it away. */
    public void system(String text) {
        system = text;
    }

    /** Adds what the user says. */
    public void user(String text) {
        messages.add(message("user", text));
    }

    /** Adds what the model answered. */
    public void assistant(String text) {
        messages.add(message("assistant", text));
    }

    /** Takes the latest message back. */
    public void withdraw() {
        messages.remove(messages.size() - 1);
    }

    /** Forgets all messages but the system text. */
    public void reset() {
        messages.clear();
    }

    private static Map<String, Object> message(String role, String text) {
        return Map.of("role", role, "content", text);
    }
}
