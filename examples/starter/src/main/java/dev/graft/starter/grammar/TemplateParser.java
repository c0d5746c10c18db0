package dev.graft.starter.grammar;

import java.util.ArrayList;
import java.util.List;

/** Reads the template notation of the grammar files: text, {@code [a|b]} choices and {@code {slots}}. */
final class TemplateParser {

    private final String template;
    private int position;

    private TemplateParser(String template) {
        this.template = template;
    }

    /**
     * Parses one template.
     *
     * @throws GrammarException when a bracket is left open or closed without being opened
     */
    static List<Part> parse(String template) {
        TemplateParser parser = new TemplateParser(template);
        List<Part> parts = parser.sequence(false);
        if (parser.position < template.length()) {
            throw new GrammarException("template \"" + template + "\" closes a bracket at position " + parser.position
                    + " that was never opened");
        }
        return parts;
    }

    private List<Part> sequence(boolean insideChoice) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (position < template.length()) {
            char c = template.charAt(position);
            if (c == ']' || (c == '|' && insideChoice)) {
                break;
            }
            position++;
            if (c == '[' || c == '{') {
                flush(literal, parts);
                parts.add(c == '[' ? choice() : slot());
            } else if (c == '\\' && position < template.length()) {
                char escaped = template.charAt(position++);
                literal.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
            } else {
                literal.append(c);
            }
        }
        flush(literal, parts);
        return List.copyOf(parts);
    }

    private Part choice() {
        List<List<Part>> wordings = new ArrayList<>();
        while (true) {
            wordings.add(sequence(true));
            if (position >= template.length()) {
                throw new GrammarException("template \"" + template + "\" leaves a [ open");
            }
            if (template.charAt(position++) == ']') {
                return new Part.Choice(List.copyOf(wordings));
            }
        }
    }

    private Part slot() {
        int end = template.indexOf('}', position);
        if (end < 0) {
            throw new GrammarException("template \"" + template + "\" leaves a { open");
        }
        String body = template.substring(position, end);
        position = end + 1;
        int start = 0;
        while (start < body.length() && "^~!".indexOf(body.charAt(start)) >= 0) {
            start++;
        }
        String flags = body.substring(0, start);
        int colon = body.indexOf(':', start);
        String name = colon < 0 ? null : body.substring(start, colon);
        String source = body.substring(colon < 0 ? start : colon + 1);
        int dot = source.indexOf('.');
        return new Part.Slot(
                name,
                dot < 0 ? source : source.substring(0, dot),
                dot < 0 ? null : source.substring(dot + 1),
                flags.contains("^"),
                flags.contains("~"),
                flags.contains("!"));
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (literal.length() > 0) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }
}
