package dev.graft.objectives.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdvantagesTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void theScoreComesWithTheLastTokenAndTheDivergenceWithEach() {
        double[] rewards = Advantages.rewards(new double[] {-1, -2, -3}, new double[] {-1.5, -1, -3}, 0.1, 2, 2);

        assertThat(rewards).containsExactly(new double[] {-0.05, 0.1, 2}, EXACT);
    }

    @Test
    void advantagesFollowTheRecursion() {
        double[] rewards = {0, 0, 1};
        double[] values = {0.5, 0.2, 0.4};

        double[] advantages = Advantages.of(rewards, values, 0.9, 0.8);

        double last = 1 - 0.4;
        double middle = 0.9 * 0.4 - 0.2 + 0.72 * last;
        assertThat(advantages).containsExactly(new double[] {0.9 * 0.2 - 0.5 + 0.72 * middle, middle, last}, EXACT);
        assertThat(Advantages.returns(advantages, values)[2]).isEqualTo(1, EXACT);
    }

    /** With lam = 1 the return is the discounted sum of what comes, whatever the values were. */
    @Property
    void withoutDecayReturnsDoNotDependOnValues(
            @ForAll @Size(5) List<@DoubleRange(min = -3, max = 3) Double> rewards,
            @ForAll @Size(5) List<@DoubleRange(min = -3, max = 3) Double> values) {
        double[] received = rewards.stream().mapToDouble(Double::doubleValue).toArray();
        double[] expected = values.stream().mapToDouble(Double::doubleValue).toArray();

        double[] returns = Advantages.returns(Advantages.of(received, expected, 0.9, 1), expected);

        double later = 0;
        for (int t = received.length - 1; t >= 0; t--) {
            later = received[t] + 0.9 * later;
            assertThat(returns[t]).isEqualTo(later, within(1e-9));
        }
    }

    @Property
    void whiteNumbersHaveMeanZeroAndUnbiasedVarianceOne(
            @ForAll @Size(6) List<@DoubleRange(min = -9, max = 9) Double> numbers) {
        double spread = numbers.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
                - numbers.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double[] all = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        List<double[]> rows = new ArrayList<>(List.of(Arrays.copyOfRange(all, 0, 2), Arrays.copyOfRange(all, 2, 6)));

        Advantages.whiten(rows, null, true);

        double[] white = rows.stream().flatMapToDouble(Arrays::stream).toArray();
        assertThat(Arrays.stream(white).sum()).isEqualTo(0, within(1e-6));
        if (spread > 0.1) {
            assertThat(Arrays.stream(white).map(x -> x * x).sum() / 5).isEqualTo(1, within(1e-4));
        }
    }

    @Test
    void whatDoesNotCountIsZeroAndChangesNothing() {
        List<double[]> masked = new ArrayList<>(List.of(new double[] {1, 2, 50}, new double[] {4, -70, 99}));
        List<double[]> alone = new ArrayList<>(List.of(new double[] {1, 2}, new double[] {4}));

        Advantages.whiten(masked, List.of(new double[] {1, 1, 0}, new double[] {1, 0, 0}), true);
        Advantages.whiten(alone, null, true);

        assertThat(masked.get(0)).containsExactly(new double[] {alone.get(0)[0], alone.get(0)[1], 0}, EXACT);
        assertThat(masked.get(1)).containsExactly(new double[] {alone.get(1)[0], 0, 0}, EXACT);
    }

    @Test
    void rewardsKeepTheirMeanWhereTheyAreOnlyDivided() {
        List<double[]> rows = new ArrayList<>(List.of(new double[] {1, 5}, new double[] {9}));

        Advantages.whiten(rows, null, false);

        assertThat(Arrays.stream(rows.get(0)).sum() + rows.get(1)[0]).isEqualTo(15, within(1e-9));
    }

    @Test
    void aSingleNumberIsOnlyMoved() {
        List<double[]> rows = new ArrayList<>(List.of(new double[] {3}));

        Advantages.whiten(rows, null, true);

        assertThat(rows.get(0)).containsExactly(0);
    }
}
