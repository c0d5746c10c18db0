package dev.graft.starter.grammar;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A grammar that writes text: rules with weighted lines whose slots other rules fill. A variable bound once in a document keeps its
 * line, so that its columns (pronouns, past tenses, consequences) agree wherever they are used.
 */
public final class Grammar {

    private final Map<String, List<Line>> rules;

    Grammar(Map<String, List<Line>> rules) {
        this.rules = new TreeMap<>(rules);
        requireKnownSources();
    }

    /**
     * Writes one document from a rule.
     *
     * @param rule the rule to begin with
     * @param random decides every choice; the same state gives the same document
     * @throws GrammarException when there is no such rule or a slot reads a variable that nothing has bound
     */
    public Expansion expand(String rule, RandomGenerator random) {
        return Expansion.of(this, rule, random);
    }

    /** The names of all rules. */
    public Set<String> ruleNames() {
        return rules.keySet();
    }

    boolean hasRule(String name) {
        return rules.containsKey(name);
    }

    List<Line> lines(String rule) {
        List<Line> lines = rules.get(rule);
        if (lines == null) {
            throw new GrammarException("the grammar has no rule \"" + rule + "\"");
        }
        return lines;
    }

    private void requireKnownSources() {
        Set<String> bound = new TreeSet<>();
        everyTemplate((line, parts) -> collectBound(parts, bound));
        everyTemplate((line, parts) -> requireKnownSources(line, parts, bound));
    }

    private void everyTemplate(TemplateVisitor visitor) {
        for (List<Line> lines : rules.values()) {
            for (Line line : lines) {
                visitor.visit(line, line.parts());
                line.columns().values().forEach(parts -> visitor.visit(line, parts));
            }
        }
    }

    private static void collectBound(List<Part> parts, Set<String> bound) {
        for (Part part : parts) {
            if (part instanceof Part.Choice choice) {
                choice.wordings().forEach(wording -> collectBound(wording, bound));
            } else if (part instanceof Part.Slot slot && slot.name() != null) {
                bound.add(slot.name());
            }
        }
    }

    private void requireKnownSources(Line line, List<Part> parts, Set<String> bound) {
        for (Part part : parts) {
            if (part instanceof Part.Choice choice) {
                choice.wordings().forEach(wording -> requireKnownSources(line, wording, bound));
            } else if (part instanceof Part.Slot slot) {
                boolean known = bound.contains(slot.source()) || (slot.column() == null && hasRule(slot.source()));
                if (!known) {
                    throw new GrammarException("rule \"" + line.rule() + "\" uses \"" + slot.source()
                            + "\", which is neither a rule nor a variable that any rule binds");
                }
            }
        }
    }

    @FunctionalInterface
    private interface TemplateVisitor {
        void visit(Line line, List<Part> parts);
    }
}
