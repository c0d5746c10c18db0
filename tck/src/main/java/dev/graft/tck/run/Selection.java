package dev.graft.tck.run;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.tck.Rules;
import dev.graft.tck.rule.Rule;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which rules to try: numbers and beginnings of numbers, for instance {@code 3.*,5.01}.
 *
 * @param text as it was written
 */
public record Selection(String text) implements Predicate<Rule> {
    private static final Pattern FORM = Pattern.compile("\\d+\\.(\\d{2}|\\*)|\\*");

    /** Every rule. */
    public static final Selection ALL = new Selection("*");

    /** Checks the form, and that each part matches a rule. */
    public Selection {
        for (String part : text.split(",", -1)) {
            if (!FORM.matcher(part).matches() || Rules.all().noneMatch(rule -> matches(part, rule))) {
                throw new ConfigurationException("--rules holds '" + part
                        + "', which is no rule; rules are written 3.02, chapters 3.*, and several with commas");
            }
        }
    }

    @Override
    public boolean test(Rule rule) {
        return Arrays.stream(text.split(",", -1)).anyMatch(part -> matches(part, rule));
    }

    private static boolean matches(String part, Rule rule) {
        return part.endsWith("*")
                ? rule.number().startsWith(part.substring(0, part.length() - 1))
                : rule.number().equals(part);
    }
}
