package dev.graft.scorers.pattern;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Offers scoring by a pattern: a rule that costs nothing and cannot be flattered. */
public final class PatternScorerProvider implements ScorerProvider<PatternScorerConfig> {
    /** Does nothing. */
    public PatternScorerProvider() {}

    @Override
    public String id() {
        return "pattern";
    }

    @Override
    public String summary() {
        return "one score for answers that match a regular expression, another for the rest";
    }

    @Override
    public Class<PatternScorerConfig> configuration() {
        return PatternScorerConfig.class;
    }

    /**
     * A scorer.
     *
     * @throws ConfigurationException if the pattern is no regular expression, saying where
     */
    @Override
    public Scorer create(PatternScorerConfig configuration, Judges judges) {
        Pattern pattern = compiled(configuration.pattern());
        return answers -> answers.stream()
                .mapToDouble(answer -> matches(pattern, answer.text(), configuration.whole())
                        ? configuration.match()
                        : configuration.otherwise())
                .toArray();
    }

    private static boolean matches(Pattern pattern, String text, boolean whole) {
        return whole
                ? pattern.matcher(text.strip()).matches()
                : pattern.matcher(text).find();
    }

    private static Pattern compiled(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(
                    "pattern of scorer 'pattern' is '" + pattern + "', which is no regular expression: "
                            + e.getDescription() + " at character " + e.getIndex(),
                    e);
        }
    }
}
