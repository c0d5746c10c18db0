package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The text of one run of a template as it grows. */
final class Rendering {
    private static final int DEEPEST = 200;
    private final Deque<StringBuilder> outputs = new ArrayDeque<>();
    private final List<int[]> generated = new ArrayList<>();

    Rendering() {
        outputs.push(new StringBuilder());
    }

    void append(String text) {
        outputs.peek().append(text);
    }

    /** What {@code body} appends, instead of appending it. */
    String capture(Runnable body) {
        if (outputs.size() > DEEPEST) {
            throw new TemplateException("macros call each other more than " + DEEPEST + " deep");
        }
        outputs.push(new StringBuilder());
        try {
            body.run();
            return outputs.peek().toString();
        } finally {
            outputs.pop();
        }
    }

    /** Appends what {@code body} appends and remembers where it stands. */
    void generate(Runnable body) {
        String text = capture(body);
        int start = outputs.stream().mapToInt(StringBuilder::length).sum();
        generated.add(new int[] {start, start + text.length()});
        append(text);
    }

    String text() {
        return outputs.peek().toString();
    }

    List<int[]> generated() {
        return List.copyOf(generated);
    }
}
