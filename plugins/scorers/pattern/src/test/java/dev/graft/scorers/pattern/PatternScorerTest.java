package dev.graft.scorers.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatternScorerTest {
    private static double[] scores(PatternScorerConfig config, String... answers) {
        try (Scorer scorer = new PatternScorerProvider().create(config, null)) {
            return scorer.score(List.of(answers).stream()
                    .map(text -> new Answer("", text, new int[] {1}, 0, Map.of()))
                    .toList());
        }
    }

    @Test
    void theWholeAnswerMustMatchUnlessAPartWillDo() {
        assertThat(scores(new PatternScorerConfig("[a-z]+", true, 1, 0), "abc", " abc\n", "abc1", ""))
                .containsExactly(1, 1, 0, 0);
        assertThat(scores(new PatternScorerConfig("[a-z]+", false, 2, -1), "abc1", "1"))
                .containsExactly(2, -1);
    }

    @Test
    void aPatternThatIsNoneIsOneSentence() {
        assertThatThrownBy(() -> scores(new PatternScorerConfig("a(", true, 1, 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("pattern of scorer 'pattern' is 'a(', which is no regular expression")
                .hasMessageNotContaining("\n");
    }
}
