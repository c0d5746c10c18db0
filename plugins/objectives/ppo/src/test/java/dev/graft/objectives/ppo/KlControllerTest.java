package dev.graft.objectives.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KlControllerTest {
    @Test
    void withoutATargetTheWeightStays() {
        assertThat(new KlController(null, 100).next(0.2, 50, 64)).isEqualTo(0.2);
    }

    @Test
    void theWeightFollowsTheErrorUpToAFifth() {
        KlController controller = new KlController(6.0, 1000);

        assertThat(controller.next(0.2, 6.6, 50)).isCloseTo(0.2 * (1 + 0.1 * 0.05), within(1e-12));
        assertThat(controller.next(0.2, 60, 50)).isCloseTo(0.2 * (1 + 0.2 * 0.05), within(1e-12));
        assertThat(controller.next(0.2, 0, 50)).isCloseTo(0.2 * (1 - 0.2 * 0.05), within(1e-12));
    }

    @Test
    void aRolloutSteersTheWeightOfTheNext() {
        try (Bandit bandit = new Bandit(1, Map.of("kl_coef", 0.5, "kl_target", 1.0, "kl_horizon", 640))) {
            assertThat(bandit.rollOut().figures()).containsEntry("kl_coef", 0.5);
            assertThat(bandit.rollOut().figures().get("kl_coef"))
                    .as("the policy is still the reference, so that the error is -0.2")
                    .isCloseTo(0.5 * (1 - 0.2 * 64 / 640), within(1e-9));
        }
    }
}
