package dev.graft.tokenizers.huggingface.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template that was read once and is rendered any number of times, by several threads if need be. */
public final class Template {
    private final Block root;
    private final Clock clock;

    private Template(Block root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    /**
     * A rendered template.
     *
     * @param text the text
     * @param generated start (inclusive) and end (exclusive) in {@code text} of every {@code generation} block
     */
    public record Rendered(String text, List<int[]> generated) {}

    /**
     * Reads a template.
     *
     * @param source the template
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException if it is not a template, naming the line
     */
    public static Template parse(String source, Clock clock) {
        return new Template(new StatementParser(new Tokens(Lexer.tokens(source))).template(), clock);
    }

    /**
     * Fills the template in.
     *
     * @param variables strings, numbers, truth values, null, lists and maps by name
     * @throws TemplateException if the template raises an exception, whose message is passed on as it is, or does what
     *     cannot be done
     */
    public Rendered render(Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(Globals.all(clock));
        variables.forEach((name, value) -> all.put(name, Values.normalise(value)));
        Rendering rendering = new Rendering();
        try {
            root.execute(Scope.outermost(rendering, all));
        } catch (ArithmeticException overflow) {
            throw new TemplateException("a number is too large: " + overflow.getMessage());
        }
        return new Rendered(rendering.text(), rendering.generated());
    }
}
