package dev.graft.tck;

import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Rule;

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
