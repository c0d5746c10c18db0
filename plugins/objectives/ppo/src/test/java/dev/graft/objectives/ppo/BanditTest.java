package dev.graft.objectives.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BanditTest {
    private static final int UPDATES = 200;

    private static void learn(Bandit bandit, int updates, double rate) {
        while (bandit.steps() < updates) {
            bandit.learn(bandit.rollOut(), rate);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void withoutDivergenceTheTokenThatPaysIsLearnt(long seed) {
        try (Bandit bandit = new Bandit(seed, Map.of("kl_coef", 0.0))) {
            assertThat(bandit.chance()).isLessThan(0.2);

            learn(bandit, UPDATES, 0.01);

            assertThat(bandit.chance()).isGreaterThan(0.95);
        }
    }

    @Test
    void aHugeWeightOfTheDivergenceHoldsThePolicyToTheReference() {
        try (Bandit bandit = new Bandit(1, Map.of("kl_coef", 1000.0))) {
            learn(bandit, UPDATES, 0.01);

            assertThat(bandit.chance()).isCloseTo(bandit.chance(false), within(0.05));
            assertThat(bandit.rollOut().figures().get("kl")).isCloseTo(0, within(0.05));
        }
    }

    /** The best policy for score s and weight b has the probabilities of the reference times e^(s/b), normalised. */
    @Test
    void inBetweenThePolicyBecomesTheTiltedReference() {
        double weight = 0.3;
        try (Bandit bandit = new Bandit(1, Map.of("kl_coef", weight))) {
            double tilted = bandit.chance(false) * Math.exp(1 / weight);
            double best = tilted / (1 - bandit.chance(false) + tilted);

            learn(bandit, UPDATES, 0.01);
            learn(bandit, 2 * UPDATES, 0.001);

            assertThat(bandit.chance()).isCloseTo(best, within(0.1));
            assertThat(best).isBetween(0.2, 0.9);
        }
    }
}
