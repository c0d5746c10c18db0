package dev.graft.tck;

import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Level;
import dev.graft.tck.rule.Rule;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The rules as a page for people, {@code tck/RULES.md}. */
public final class RulesPage {
    private static final String HEAD = """
            # The rules of the contract

            What a plugin keeps so that Graft, and everybody else's plugins, can rely on it. A rule says MUST (without it a plugin is
            no plugin), SHOULD (its author has a good reason against it) or MAY, as RFC 2119 has it. Its number is its address: the
            test of rule 3.02 is called `required_3_02_freshAttachmentIsANoOp`, and `graft tck run plugin.jar --rules 3.02` tries it.
            How to use the kit: [docs/tck.md](../docs/tck.md).

            This page is written from the rules in code, `dev.graft.tck.RulesPage`; a test compares the two.
            """;

    private RulesPage() {}

    /** The page, Markdown. */
    public static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        appendCoverage(page);
        for (Chapter<?> chapter : Rules.chapters()) {
            page.append("\n## ")
                    .append(chapter.number())
                    .append(". ")
                    .append(chapter.title())
                    .append('\n');
            chapter.rules().forEach(rule -> append(page, rule));
        }
        return page.toString();
    }

    private static void appendCoverage(StringBuilder page) {
        page.append("""

                ## Coverage

                Every rule has a test, and a deliberately broken plugin that its test catches, or a reason why there is none.
                Tests assert both.

                | chapter | rules | MUST | SHOULD | MAY | with a broken plugin | without, for a reason |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (Chapter<?> chapter : Rules.chapters()) {
            appendRow(
                    page,
                    chapter.number() + ". " + chapter.title(),
                    chapter.rules().toList());
        }
        appendRow(page, "all", Rules.all().toList());
    }

    private static void appendRow(StringBuilder page, String title, List<Rule> rules) {
        page.append("| ").append(title).append(" | ").append(rules.size());
        for (Level level : Level.values()) {
            page.append(" | ").append(count(rules, rule -> rule.level() == level));
        }
        String without = rules.stream()
                .filter(rule -> !rule.unmutated().isEmpty())
                .map(Rule::number)
                .collect(Collectors.joining(", "));
        page.append(" | ").append(count(rules, rule -> rule.unmutated().isEmpty()));
        page.append(" | ").append(without.isEmpty() ? "none" : without).append(" |\n");
    }

    private static long count(List<Rule> rules, Predicate<Rule> counted) {
        return rules.stream().filter(counted).count();
    }

    private static void append(StringBuilder page, Rule rule) {
        page.append("\n### ")
                .append(rule.number())
                .append(' ')
                .append(rule.level())
                .append('\n');
        page.append(rule.sentence()).append("\n\n");
        page.append("*Intent:* ").append(rule.intent()).append("  \n");
        page.append("*Test:* `").append(rule.testName()).append('`');
        line(page, "Seen in the wild:", rule.wild());
        line(page, "If it fails, look at", rule.hint());
        line(page, "No broken plugin shows it, since", rule.unmutated());
        page.append('\n');
    }

    private static void line(StringBuilder page, String label, String text) {
        if (!text.isEmpty()) {
            page.append("  \n*").append(label).append("* ").append(text);
        }
    }
}
