package dev.graft.objectives.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final Scorer NOTHING = answers -> new double[answers.size()];

    private static List<Example> prompts() {
        return List.of(
                Example.of(Sequence.of(new int[] {1, 5, 9}, null)),
                Example.of(Sequence.of(new int[] {1}, null)),
                Example.of(Sequence.of(new int[] {4, 4, 8, 15, 16, 23}, null)));
    }

    @Test
    void theFirstPolicyIsTheReference() {
        try (Bandit bandit = new Bandit(1, Map.of("response_length", 5), NOTHING)) {
            Experience experience = bandit.rollOut(prompts());

            assertThat(experience.figures().get("kl")).isCloseTo(0, within(1e-5));
            assertThat(experience.examples()).hasSize(3);
            for (Example example : experience.examples()) {
                assertThat(example.series().get("logprobs")).hasSize(5);
                assertThat(Arrays.stream(example.series().get("logprobs")).max().orElseThrow())
                        .isNegative();
                assertThat(example.series().get("values")).containsOnly(0);
            }
        }
    }

    @Test
    void anAnswerDoesNotDependOnTheOthersOfItsRollout() {
        try (Bandit bandit = new Bandit(1, Map.of("response_length", 5), NOTHING)) {
            bandit.learn(bandit.rollOut(), 0.01);
            Answered together = bandit.objective().answer(bandit.actor(), prompts(), 8);
            List<Episode> all = together.episodes(bandit.actor(), null);
            Answered alone = bandit.objective().answer(bandit.actor(), prompts().subList(0, 1), 8);
            Episode first = alone.episodes(bandit.actor(), null).get(0);

            assertThat(alone.examples().get(0).sequences().get(0).ids())
                    .isEqualTo(together.examples().get(0).sequences().get(0).ids());
            assertThat(first.policy()).containsExactly(all.get(0).policy(), within(1e-5));
            assertThat(first.reference()).containsExactly(all.get(0).reference(), within(1e-5));
        }
    }

    @Test
    void theScorerSeesPromptAnswerAndTokens() {
        List<Answer> seen = new ArrayList<>();
        Scorer scorer = answers -> {
            seen.addAll(answers);
            return new double[answers.size()];
        };
        try (Bandit bandit = new Bandit(1, Map.of("response_length", 2), scorer)) {
            Experience experience = bandit.rollOut(prompts());

            Answer third = seen.get(2);
            assertThat(third.start()).isEqualTo(6);
            assertThat(third.ids())
                    .startsWith(4, 4, 8, 15, 16, 23)
                    .isEqualTo(experience.examples().get(2).sequences().get(0).ids());
            assertThat(experience.answers().get(2).answer()).isEqualTo(third.text());
            assertThat(third.text().codePoints().toArray()).isEqualTo(Arrays.copyOfRange(third.ids(), 6, 8));
        }
    }

    @Test
    void answersThatDoNotEndLoseThePenalty() {
        try (Bandit bandit = new Bandit(1, Map.of("response_length", 2, "missing_eos_penalty", 1.5), NOTHING)) {
            Experience experience = bandit.rollOut(prompts());

            assertThat(experience.figures()).containsEntry("ended", 0.0).containsEntry("score", -1.5);
        }
    }

    @Test
    void aScoreThatIsNoNumberIsOneSentence() {
        Scorer scorer = answers -> {
            double[] scores = new double[answers.size()];
            scores[1] = Double.NaN;
            return scores;
        };
        try (Bandit bandit = new Bandit(1, Map.of(), scorer)) {
            assertThatThrownBy(bandit::rollOut)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageMatching("the scorer gave NaN for the answer '.*'; scores must be finite numbers");
        }
    }

    @Test
    void tooFewScoresAreOneSentence() {
        try (Bandit bandit = new Bandit(1, Map.of(), answers -> new double[3])) {
            assertThatThrownBy(bandit::rollOut)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("the scorer gave 3 scores for 64 answers");
        }
    }

    @Test
    void aPolicyThatLeavesTheReferenceStopsTheRun() {
        try (Bandit bandit = new Bandit(1, Map.of("kl_coef", 0.0, "max_kl", 0.5))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            bandit.learn(bandit.rollOut(), 0.01);
                        }
                    })
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("nats per answer, more than max_kl = 0.5 of ppo")
                    .hasMessageContaining("lower schedule.learning_rate, or raise kl_coef");
        }
    }
}
