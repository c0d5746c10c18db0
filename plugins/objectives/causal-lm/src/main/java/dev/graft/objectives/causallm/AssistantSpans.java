package dev.graft.objectives.causallm;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what the assistant wrote in a rendered conversation. A template that marks it is believed. Under any other,
 * an answer is what rendering it adds behind the prompt for it, the end of its turn included, so that a model learns to
 * stop.
 */
final class AssistantSpans {
    /** Occurs in no conversation: the first character for private use. */
    private static final String MARK = "\uE000";

    private final Tokenizer tokenizer;
    private final List<Map<String, Object>> messages;
    private final Map<String, Object> variables;
    private final Rendered whole;

    /**
     * The answers of a conversation.
     *
     * @param messages maps with {@code role} and {@code content}
     * @param variables further variables for the template
     * @param whole all messages rendered
     */
    AssistantSpans(
            Tokenizer tokenizer, List<Map<String, Object>> messages, Map<String, Object> variables, Rendered whole) {
        this.tokenizer = tokenizer;
        this.messages = messages;
        this.variables = variables;
        this.whole = whole;
    }

    /**
     * Pairs of start (inclusive) and end (exclusive) in the rendered text, in order.
     *
     * @param lastOnly whether only the last answer counts
     * @throws ConfigurationException if the template rewrites earlier messages so that an answer cannot be found
     */
    List<int[]> find(boolean lastOnly) {
        if (whole.assistant().isEmpty()) {
            return compare(lastOnly);
        }
        int from = lastOnly ? beforeLastAnswer() : 0;
        return whole.assistant().stream().filter(span -> span[1] > from).toList();
    }

    /** Where everything but the last answer ends: a template may mark an answer in several pieces. */
    private int beforeLastAnswer() {
        for (int i = messages.size() - 1; i > 0; i--) {
            if (isAnswer(i)) {
                return shared(whole.text(), render(messages.subList(0, i), false));
            }
        }
        return 0;
    }

    private boolean isAnswer(int message) {
        return "assistant".equals(messages.get(message).get("role"));
    }

    private List<int[]> compare(boolean lastOnly) {
        List<int[]> spans = new ArrayList<>();
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (isAnswer(i)) {
                spans.add(0, new int[] {start(i), end(i)});
                if (lastOnly) {
                    return spans;
                }
            }
        }
        return spans;
    }

    private int start(int answer) {
        if (answer == 0) {
            return shared(whole.text(), render(marked(messages, 0, true), false));
        }
        String asked = render(messages.subList(0, answer), true);
        if (whole.text().startsWith(asked)) {
            return asked.length();
        }
        String before = render(messages.subList(0, answer), false);
        if (!whole.text().startsWith(before)) {
            throw unknown(answer);
        }
        return shared(whole.text(), asked);
    }

    private int end(int answer) {
        if (answer == messages.size() - 1) {
            return whole.text().length();
        }
        List<Map<String, Object>> upTo = messages.subList(0, answer + 1);
        String answered = render(upTo, false);
        if (whole.text().startsWith(answered)) {
            return answered.length();
        }
        String closing = answered.substring(shared(answered, render(marked(upTo, answer, false), false)));
        int end = shared(whole.text(), render(marked(messages, answer, false), false));
        if (!whole.text().startsWith(closing, end)) {
            throw unknown(answer);
        }
        return end + closing.length();
    }

    /** The messages with the mark before or behind the content of one. */
    private List<Map<String, Object>> marked(List<Map<String, Object>> all, int place, boolean before) {
        if (!(all.get(place).get("content") instanceof String content)) {
            throw unknown(place);
        }
        Map<String, Object> message = new LinkedHashMap<>(all.get(place));
        message.put("content", before ? MARK + content : content + MARK);
        List<Map<String, Object>> changed = new ArrayList<>(all);
        changed.set(place, message);
        return changed;
    }

    private String render(List<Map<String, Object>> part, boolean generationPrompt) {
        return tokenizer.render(part, generationPrompt, variables).text();
    }

    private static int shared(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int same = 0;
        while (same < length && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    private static ConfigurationException unknown(int answer) {
        return new ConfigurationException("what the assistant wrote in messages[" + answer
                + "] cannot be told from the rest of the rendered conversation; the chat template must mark it with"
                + " {% generation %}, or train_on must be all");
    }
}
