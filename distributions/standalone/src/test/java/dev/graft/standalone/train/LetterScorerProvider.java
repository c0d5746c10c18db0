package dev.graft.standalone.train;

import dev.graft.spi.config.Key;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;

/** A rule in Java: the share of an answer's characters that are one letter. */
public final class LetterScorerProvider implements ScorerProvider<LetterScorerProvider.Config> {
    /**
     * Which letter.
     *
     * @param letter the letter
     * @param failsAfter calls after which the rule fails, or null
     */
    public record Config(
            @Key(value = "The letter that pays", defaultsTo = "e")
            String letter,

            @Key("Calls after which the rule gives no number")
            Integer failsAfter) {}

    /** Does nothing. */
    public LetterScorerProvider() {}

    @Override
    public String id() {
        return "letter";
    }

    @Override
    public String summary() {
        return "the share of an answer's characters that are one letter";
    }

    @Override
    public Class<Config> configuration() {
        return Config.class;
    }

    @Override
    public Scorer create(Config configuration, Judges judges) {
        int[] calls = {0};
        return answers -> answers.stream()
                .mapToDouble(answer -> configuration.failsAfter() != null && calls[0]++ >= configuration.failsAfter()
                        ? Double.NaN
                        : share(answer.text(), configuration.letter().charAt(0)))
                .toArray();
    }

    private static double share(String text, char letter) {
        return text.isEmpty()
                ? 0
                : (double) text.chars().filter(c -> c == letter).count() / text.length();
    }
}
