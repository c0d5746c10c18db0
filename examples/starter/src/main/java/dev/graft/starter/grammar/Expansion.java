package dev.graft.starter.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One document that a grammar wrote, with the further columns of the line it began with. */
public final class Expansion {

    private final Grammar grammar;
    private final RandomGenerator random;
    private final Map<String, Bound> variables = new HashMap<>();
    private final String rule;
    private final Bound root;

    private Expansion(Grammar grammar, String rule, RandomGenerator random) {
        this.grammar = grammar;
        this.random = random;
        this.rule = rule;
        this.root = expandRule(rule, null);
    }

    static Expansion of(Grammar grammar, String rule, RandomGenerator random) {
        return new Expansion(grammar, rule, random);
    }

    /** The document's text. */
    public String text() {
        return root.text();
    }

    /**
     * The text of a further column of the line the document began with, written with the same variables.
     *
     * @throws GrammarException when that line has no such column
     */
    public String column(String name) {
        return write(column(root.line(), name));
    }

    private record Bound(Line line, String text) {}

    private Bound expandRule(String rule, String variable) {
        Line line = choose(rule, variable);
        return new Bound(line, write(line.parts()));
    }

    /** Chooses a line by weight; two variables of one document never share a line unless the rule has too few. */
    private Line choose(String rule, String variable) {
        List<Line> lines = grammar.lines(rule);
        if (variable != null) {
            List<Line> free = new ArrayList<>(lines);
            variables.values().forEach(bound -> free.remove(bound.line()));
            lines = free.isEmpty() ? lines : free;
        }
        int total = lines.stream().mapToInt(Line::weight).sum();
        int left = random.nextInt(total);
        for (Line line : lines) {
            left -= line.weight();
            if (left < 0) {
                return line;
            }
        }
        throw new AssertionError("weights of rule " + rule + " do not add up");
    }

    private String write(List<Part> parts) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Literal literal) {
                out.append(literal.text());
            } else if (part instanceof Part.Choice choice) {
                out.append(write(
                        choice.wordings().get(random.nextInt(choice.wordings().size()))));
            } else if (part instanceof Part.Slot slot) {
                out.append(fill(slot));
            }
        }
        return out.toString();
    }

    private String fill(Part.Slot slot) {
        String text = read(slot);
        if (slot.silent()) {
            return "";
        }
        if (slot.article()) {
            text = Words.withArticle(text);
        }
        return slot.capital() ? Words.capitalised(text) : text;
    }

    private String read(Part.Slot slot) {
        Bound source = variables.get(slot.source());
        if (slot.column() != null) {
            return readColumn(slot, source);
        }
        if (slot.name() == null && source != null) {
            return source.text();
        }
        return bind(slot.name(), expandRule(slot.source(), slot.name()));
    }

    /** A column is text of its own, or {@code @rule}: any line of that rule, which the slot may bind. */
    private String readColumn(Part.Slot slot, Bound source) {
        if (source == null) {
            throw new GrammarException("\"" + slot.source() + "." + slot.column() + "\" is read before \""
                    + slot.source() + "\" is bound in a document of rule \"" + rule + "\"");
        }
        String text = write(column(source.line(), slot.column()));
        if (text.startsWith("@")) {
            return bind(slot.name(), expandRule(text.substring(1), slot.name()));
        }
        return bind(slot.name(), new Bound(source.line(), text));
    }

    private String bind(String name, Bound bound) {
        if (name != null) {
            variables.put(name, bound);
        }
        return bound.text();
    }

    private static List<Part> column(Line line, String name) {
        List<Part> parts = line.columns().get(name);
        if (parts == null) {
            throw new GrammarException("rule \"" + line.rule() + "\" has no column \"" + name + "\", only "
                    + line.columns().keySet());
        }
        return parts;
    }
}
