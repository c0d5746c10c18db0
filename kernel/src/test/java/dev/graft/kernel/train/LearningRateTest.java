package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.recipe.ScheduleSection;
import dev.graft.kernel.recipe.ScheduleSection.Kind;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    private static LearningRate rate(Kind kind, Integer warmup, double ratio, double lowest, long steps) {
        return new LearningRate(new ScheduleSection(0.8, kind, warmup, ratio, lowest, 1), steps, 3);
    }

    private static double[] all(LearningRate rate) {
        return LongStream.rangeClosed(0, rate.totalSteps())
                .mapToDouble(rate::at)
                .toArray();
    }

    @Test
    void aLinearRateFallsToZeroAfterTheLastStep() {
        assertThat(all(rate(Kind.LINEAR, null, 0, 0, 4)))
                .containsExactly(new double[] {0.8, 0.6, 0.4, 0.2, 0}, close());
    }

    @Test
    void warmUpRisesFromZeroToTheHighestRate() {
        assertThat(all(rate(Kind.LINEAR, 2, 0, 0, 6)))
                .containsExactly(new double[] {0, 0.4, 0.8, 0.6, 0.4, 0.2, 0}, close());
    }

    @Test
    void warmUpMayBeAShareOfAllStepsRoundedUp() {
        assertThat(all(rate(Kind.CONSTANT, null, 0.3, 0, 5)))
                .containsExactly(new double[] {0, 0.4, 0.8, 0.8, 0.8, 0.8}, close());
    }

    @Test
    void aCosineRateFallsAlongHalfACosineToTheLowest() {
        double root = Math.sqrt(0.5);

        assertThat(all(rate(Kind.COSINE, null, 0, 0.5, 4)))
                .containsExactly(new double[] {0.8, 0.4 + 0.2 * (1 + root), 0.6, 0.4 + 0.2 * (1 - root), 0.4}, close());
    }

    @Test
    void aConstantRateStays() {
        assertThat(all(rate(Kind.CONSTANT, null, 0, 0, 3))).containsExactly(0.8, 0.8, 0.8, 0.8);
    }

    @Test
    void warmUpLongerThanTheRunNeverGetsThere() {
        assertThat(all(rate(Kind.LINEAR, 8, 0, 0, 2))).containsExactly(new double[] {0, 0.1, 0.2}, close());
    }

    @Test
    void layersBelowTheHeadLearnMoreSlowlyTheDeeperTheyAre() {
        LearningRate rate = new LearningRate(new ScheduleSection(1, Kind.CONSTANT, null, 0, 0, 0.5), 10, 3);

        assertThat(rate.factor(Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(rate.factor(2)).isEqualTo(0.5);
        assertThat(rate.factor(1)).isEqualTo(0.25);
        assertThat(rate.factor(0)).isEqualTo(0.125);
        assertThat(rate.factor(-1)).isEqualTo(0.0625);
    }

    @Property(tries = 200)
    void everyRateLiesBetweenZeroAndTheHighestAndNeverRisesAfterWarmUp(
            @ForAll Kind kind,
            @ForAll @IntRange(max = 20) int warmup,
            @ForAll @DoubleRange(max = 1) double lowest,
            @ForAll @IntRange(min = 1, max = 60) int steps) {
        double[] rates = all(rate(kind, warmup, 0, lowest, steps));

        for (int step = 0; step < rates.length; step++) {
            assertThat(rates[step]).isBetween(0.0, 0.8 + 1e-12);
            if (step > warmup) {
                assertThat(rates[step])
                        .isBetween(0.8 * lowest * (kind == Kind.CONSTANT ? 0 : 1) - 1e-12, rates[step - 1] + 1e-12);
            }
        }
    }

    private static org.assertj.core.data.Offset<Double> close() {
        return within(1e-12);
    }
}
